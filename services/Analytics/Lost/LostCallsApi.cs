using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.Analytics.Lost;

/// <summary>Lost calls over REST.</summary>
internal static class LostCallsApi
{
    public static void MapLostCalls(this WebApplication app)
    {
        var routes = app.MapGroup("/v1/platform/lost-calls");
        routes.MapGet("", ListAsync).RequirePermission(NumbersApi.Permission, Team.Platform);
        routes
            .MapGet("/totals", TotalsAsync)
            .RequirePermission(NumbersApi.Permission, Team.Platform);
    }

    private static Task<Page<LostDocument>> ListAsync(
        PageRequest<(long, long)> page,
        LostCallList lost,
        CancellationToken cancellationToken
    ) => lost.ListAsync(page, cancellationToken);

    private static Task<LostTotals> TotalsAsync(
        LostCallList lost,
        CancellationToken cancellationToken
    ) => lost.TotalsAsync(cancellationToken);
}
