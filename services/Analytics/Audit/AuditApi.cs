using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Analytics.Audit;

/// <summary>The audit trail over REST: a team's, or the whole platform's.</summary>
internal static class AuditApi
{
    public static void MapAudit(this RouteGroupBuilder routes)
    {
        routes
            .MapGet("/teams/{teamId}/audit", SearchAsync)
            .RequirePermission(AuditSearch.Permission, Team.FromRoute(QueryScope.Route));
        routes
            .MapGet("/platform/audit", SearchAsync)
            .RequirePermission(AuditSearch.Permission, Team.Platform);
    }

    private static async Task<Results<Ok<Page<AuditEntryDocument>>, ApiProblem>> SearchAsync(
        QueryScope scope,
        Query<AuditFilter> filter,
        PageRequest<(DateTimeOffset, Guid)> page,
        AuditSearch search,
        CancellationToken cancellationToken
    )
    {
        var check = QueryCheck.ForRest();
        filter.Value.Check(check);
        if (!check.IsRight)
        {
            return check.Problem;
        }

        var rows = await search.FindAsync(scope, filter.Value, page, cancellationToken);
        return TypedResults.Ok(page.ToPage(rows, row => (row.Time, row.Id), row => row.ToDocument()));
    }
}
