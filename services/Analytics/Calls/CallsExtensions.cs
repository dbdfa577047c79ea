using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.Analytics.Calls;

/// <summary>Queries: numbers of calls, and single calls.</summary>
internal static class CallsExtensions
{
    public static void AddQueries(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<QueryOptions>(QueryOptions.Section);
        services.AddSingleton<QueryEngine>();
        services.AddSingleton<Dimensions.NameBook>();
        services.AddSingleton<CallNumbers>();
        services.AddSingleton<CallTexts>();
        services.AddSingleton<CallSearch>();
        services.AddSingleton<CallTail>();
        services.AddSingleton<CallNotices>();
        services.AddHostedService(provider => provider.GetRequiredService<CallNotices>());
    }

    public static void MapQueries(this WebApplication app)
    {
        var team = app.MapGroup("/v1/teams/{teamId}");
        team.MapNumbers(Team.FromRoute(QueryScope.Route));
        team.MapCalls(Team.FromRoute(QueryScope.Route));
        var platform = app.MapGroup("/v1/platform");
        platform.MapNumbers(Team.Platform);
        platform.MapCalls(Team.Platform);
        app.MapGrpcService<AnalyticsService>();
    }
}
