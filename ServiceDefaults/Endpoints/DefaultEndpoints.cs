using ApiSvc.ServiceDefaults.Draining;
using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>
/// What every service answers on <c>management</c>. That endpoint stays inside, so nobody signs in to it; but who has
/// a token can ask what the service reads in it.
/// </summary>
internal static class DefaultEndpoints
{
    /// <summary>The tag of checks that say whether the process is alive at all.</summary>
    public const string LiveTag = "live";

    public static RouteGroupBuilder MapManagement(this IEndpointRouteBuilder routes)
    {
        var management = routes.MapGroup("");
        management
            .ServeOn(ServiceEndpoints.Management)
            .AllowAnonymousCaller()
            .ExcludeFromDescription();
        management.MapGet("/", (ServiceInfo info) => info);
        management.MapGet(
            "/health",
            (HealthCheckService checks, CancellationToken ct) => CheckAsync(checks, _ => true, ct)
        );
        management.MapGet(
            "/alive",
            (HealthCheckService checks, CancellationToken ct) =>
                CheckAsync(checks, c => c.Tags.Contains(LiveTag), ct)
        );
        management.MapPrometheusScrapingEndpoint("/metrics");
        management.MapPost("/drain", Drain);
        routes
            .MapGet("/caller", CallerDocument.Of)
            .ServeOn(ServiceEndpoints.Management)
            .RequireAnyCaller()
            .ExcludeFromDescription();
        return management;
    }

    private static async Task<IResult> CheckAsync(
        HealthCheckService checks,
        Func<HealthCheckRegistration, bool> which,
        CancellationToken cancellationToken
    )
    {
        var report = await checks.CheckHealthAsync(which, cancellationToken);
        var isUp = report.Status != HealthStatus.Unhealthy;
        return Results.Json(
            HealthDocument.Of(report),
            statusCode: isUp ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    private static IResult Drain(DrainState drain, IHostApplicationLifetime lifetime)
    {
        drain.Begin();
        lifetime.StopApplication();
        return Results.Accepted();
    }
}
