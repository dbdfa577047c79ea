using ApiSvc.Analytics.Queries;
using ApiSvc.Contracts.Analytics.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using Grpc.Core;

namespace ApiSvc.Analytics.Audit;

/// <summary>The audit trail over gRPC.</summary>
internal sealed class AuditTrailService(AuditSearch search) : AuditTrail.AuditTrailBase
{
    [RequirePermission(AuditSearch.Permission, Team = TeamSource.Any)]
    public override async Task<SearchAuditResponse> SearchAudit(
        SearchAuditRequest request,
        ServerCallContext context
    )
    {
        var scope = QueryScope.Of(Actor.Of(context).Caller, AuditSearch.Permission, request.TeamId);
        var filter = new AuditFilter
        {
            From = request.Range?.From?.ToDateTimeOffset(),
            To = request.Range?.To?.ToDateTimeOffset(),
            Service = Given(request.Service),
            Actor = Given(request.Actor),
            Action = Given(request.Action),
            ObjectKind = Given(request.ObjectKind),
            ObjectId = Given(request.ObjectId),
            Result = Given(request.Result),
        };
        var check = QueryCheck.ForMessage();
        filter.Check(check);
        check.ThrowIfWrong();
        var page = PageRequest<(DateTimeOffset, Guid)>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId,
            request.Range?.ToString() ?? "",
            request.Service,
            request.Actor,
            request.Action,
            request.ObjectKind,
            request.ObjectId,
            request.Result
        );
        var rows = await search.FindAsync(scope, filter, page, context.CancellationToken);
        var shown = page.ToPage(rows, row => (row.Time, row.Id), row => row.ToMessage());
        return new() { Entries = { shown.Items }, NextCursor = shown.NextCursor ?? "" };
    }

    private static string? Given(string text) => text.Length == 0 ? null : text;
}
