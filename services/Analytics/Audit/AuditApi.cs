using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Analytics.Audit;

/// <summary>The audit trail over REST: of a team, and of the whole platform.</summary>
internal static class AuditApi
{
    public static void MapAudit(this RouteGroupBuilder routes, Team team) =>
        routes.MapGet("/audit", SearchAsync).RequirePermission(AuditSearch.Permission, team);

    private static async Task<Page<AuditEntryDocument>> SearchAsync(
        QueryScope scope,
        Query<AuditFilter> filter,
        PageRequest<(DateTimeOffset, Guid)> page,
        AuditSearch search,
        CancellationToken cancellationToken
    )
    {
        var check = QueryCheck.ForRest();
        filter.Value.Check(check);
        check.ThrowIfWrong();
        var rows = await search.FindAsync(scope, filter.Value, page, cancellationToken);
        return page.ToPage(rows, row => (row.Time, row.Id), row => row.ToDocument());
    }
}
