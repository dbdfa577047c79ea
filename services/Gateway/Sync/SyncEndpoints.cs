using ApiSvc.ServiceDefaults.Endpoints;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Gateway.Sync;

internal static class SyncEndpoints
{
    /// <summary>
    /// Tells on <c>management</c> where the gateway is with each log: <c>/sync/configuration</c>, <c>/sync/credentials</c>.
    /// </summary>
    public static void MapSyncStatus(this IEndpointRouteBuilder app) =>
        app.MapGet("/sync/{log}", Get)
            .ServeOn(ServiceEndpoints.Management)
            .AllowAnonymousCaller()
            .ExcludeFromDescription();

    private static Results<Ok<SyncDocument>, NotFound> Get(string log, IServiceProvider services) =>
        services.GetKeyedService<LogFollower>(log) is { } follower
            ? TypedResults.Ok(SyncDocument.Of(follower))
            : TypedResults.NotFound();
}
