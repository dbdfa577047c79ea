using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.Analytics.Audit;

/// <summary>The audit trail of all services.</summary>
internal static class AuditExtensions
{
    public static void AddAuditTrail(this IServiceCollection services)
    {
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<AuditSearch>();
        services.AddScoped<AuditBook>();
        services.AddHostedService<AuditConsumer>();
    }

    public static void MapAuditTrail(this WebApplication app)
    {
        app.MapGroup("/v1/teams/{teamId}").MapAudit(Team.FromRoute(QueryScope.Route));
        app.MapGroup("/v1/platform").MapAudit(Team.Platform);
        app.MapGrpcService<AuditTrailService>();
    }
}
