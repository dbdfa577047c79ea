using ApiSvc.AiAdapter.Aliases;
using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Connections;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.OwnModels;
using ApiSvc.AiAdapter.ProviderKeys;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.VirtualModels;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Sealing;
using Dapper;

namespace ApiSvc.AiAdapter;

/// <summary>What teams set: its management API, and the snapshot that calls are served by.</summary>
internal static class AiConfigurationExtensions
{
    public static TBuilder AddAiConfiguration<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        var services = builder.Services;
        services.AddValidatedOptions<ConfigurationOptions>(ConfigurationOptions.Section);
        services.AddValidatedOptions<RoutingOptions>("Routing");
        services.AddSealedColumn(ProviderKeyRow.SecretColumn);
        services.AddValidatedOptions<CatalogueOptions>(CatalogueOptions.Section);
        services.AddSingleton<CurrentCatalogue>();
        services.AddHostedService<CatalogueWatch>();

        services.AddSingleton<ConnectionRules>();
        services.AddScoped<ConnectionRegistry>().AddScoped<ProviderKeyRegistry>();
        services.AddScoped<OwnModelRegistry>().AddScoped<VirtualModelRegistry>();
        services.AddScoped<AliasRegistry>().AddScoped<BudgetRegistry>();

        services.AddScoped<ConnectionTest>();

        services.AddSingleton<ModelFacts>().AddSingleton<TargetCompiler>();
        services.AddSingleton<TeamCompiler>().AddSingleton<ConfigurationReader>();
        services.AddSingleton<ConfigurationState>();
        services.AddSingleton<IAiConfigurationSource>(p =>
            p.GetRequiredService<ConfigurationState>()
        );
        services.AddHostedService<ConfigurationWatch>();
        services
            .AddHealthChecks()
            .AddCheck<ConfigurationHealthCheck>("configuration", tags: ["ready"]);
        return builder;
    }

    /// <summary>Maps the management API, <c>/v1</c>.</summary>
    public static WebApplication MapAiManagement(this WebApplication app)
    {
        app.MapGroup("/v1").MapCatalogue();
        var routes = app.MapGroup("/v1/teams/{teamId}");
        var team = Team.FromRoute("teamId");
        routes.MapConnections(team);
        routes.MapProviderKeys(team);
        routes.MapOwnModels(team);
        routes.MapVirtualModels(team);
        routes.MapAliases(team);
        routes.MapBudgets(team);
        routes.MapSpend(team);
        routes.MapConnectionTests(team);
        return app;
    }
}
