using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Analytics.Queries;

/// <summary>Numbers of calls over REST: of a team, and of the whole platform.</summary>
internal static class NumbersApi
{
    /// <summary>The permission to read numbers.</summary>
    public const string Permission = "analytics.read";

    public static void MapNumbers(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet("/series", SeriesAsync).RequirePermission(Permission, team);
        routes.MapGet("/top", TopAsync).RequirePermission(Permission, team);
        routes.MapGet("/breakdown", BreakdownAsync).RequirePermission(Permission, team);
        routes.MapGet("/percentiles", PercentilesAsync).RequirePermission(Permission, team);
    }

    private static Task<SeriesDocument> SeriesAsync(
        QueryScope scope,
        Query<SeriesInput> query,
        CallNumbers numbers,
        CancellationToken cancellationToken
    ) => numbers.SeriesAsync(scope, query.Value, QueryCheck.ForRest(), cancellationToken);

    private static Task<TopDocument> TopAsync(
        QueryScope scope,
        Query<TopInput> query,
        CallNumbers numbers,
        CancellationToken cancellationToken
    ) => numbers.TopAsync(scope, query.Value, QueryCheck.ForRest(), cancellationToken);

    private static Task<BreakdownDocument> BreakdownAsync(
        QueryScope scope,
        Query<BreakdownInput> query,
        CallNumbers numbers,
        CancellationToken cancellationToken
    ) => numbers.BreakdownAsync(scope, query.Value, QueryCheck.ForRest(), cancellationToken);

    private static Task<PercentilesDocument> PercentilesAsync(
        QueryScope scope,
        Query<PercentilesInput> query,
        CallNumbers numbers,
        CancellationToken cancellationToken
    ) => numbers.PercentilesAsync(scope, query.Value, QueryCheck.ForRest(), cancellationToken);
}
