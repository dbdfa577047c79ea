using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.Applications;
using ApiSvc.Catalog.BasePaths;
using ApiSvc.Catalog.Bindings;
using ApiSvc.Catalog.Changes;
using ApiSvc.Catalog.Deployments;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Plans;
using ApiSvc.Catalog.PolicyLevels;
using ApiSvc.Catalog.Specifications;
using ApiSvc.Catalog.Subscriptions;
using ApiSvc.Catalog.Teams;
using ApiSvc.Catalog.Versions;
using ApiSvc.ServiceDefaults.Configuration;
using Dapper;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ApiSvc.Catalog;

/// <summary>Puts the catalog together.</summary>
internal static class CatalogExtensions
{
    // Room for a specification of the largest size, and what goes with it.
    private const int LongestMessage = (64 * 1024 * 1024) + (64 * 1024);

    public static TBuilder AddCatalog<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        var services = builder.Services;
        services.AddValidatedOptions<LifecycleOptions>(LifecycleOptions.Section);
        services.AddValidatedOptions<SubscriptionOptions>(SubscriptionOptions.Section);
        services.AddValidatedOptions<OfferOptions>(OfferOptions.Section);
        services.AddServiceClient<ApiSvc.Contracts.Identity.V1.Teams.TeamsClient>("identity");
        services.TryAddSingleton<ITeamSlugs, IdentityTeamSlugs>();
        services
            .AddGrpc()
            .AddServiceOptions<ApisService>(options =>
                options.MaxReceiveMessageSize = LongestMessage
            );

        services.AddScoped<ApiOwners>().AddScoped<VersionOwners>();
        services.AddScoped<PlanOwners>().AddScoped<ApplicationOwners>();
        services.AddScoped<TeamDirectory>().AddScoped<TeamRuleBook>();
        services.AddScoped<CatalogEvents>().AddScoped<GatewayResources>();
        services.AddScoped<ApiRegistry>().AddScoped<VersionRegistry>();
        services.AddScoped<VersionLifecycle>().AddScoped<BasePathClaims>();
        services.AddScoped<SpecificationImporter>().AddScoped<SpecificationReader>();
        services.AddScoped<BindingRegistry>().AddSingleton<UpstreamAddresses>();
        services.AddScoped<Deployer>().AddScoped<DeploymentCalls>().AddScoped<DeploymentLists>();
        services.AddScoped<PlanRegistry>().AddScoped<ApplicationRegistry>();
        services.AddScoped<SubscriptionRegistry>().AddScoped<SubscriptionSteps>();
        services.AddScoped<SubscriptionCancellation>().AddScoped<PolicyLevelBook>();

        services.AddSingleton<ApiWatch>().AddSingleton<ChangeHub>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeHub>());
        services.AddHostedService<SubscriptionExpiry>();
        return builder;
    }

    public static WebApplication MapCatalog(this WebApplication app)
    {
        var routes = app.MapGroup("/v1");
        routes.MapApis();
        routes.MapVersions();
        routes.MapSpecifications();
        routes.MapBasePaths();
        routes.MapBindings();
        routes.MapDeployments();
        routes.MapPlans();
        routes.MapApplications();
        routes.MapSubscriptions();
        routes.MapPolicyLevels();
        routes.MapTeamRules();
        app.MapGrpcService<ApisService>();
        app.MapGrpcService<DeploymentsService>();
        app.MapGrpcService<PlansService>();
        app.MapGrpcService<ApplicationsService>();
        app.MapGrpcService<SubscriptionsService>();
        return app;
    }
}
