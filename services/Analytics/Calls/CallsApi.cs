using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Analytics.Calls;

/// <summary>Single calls over REST: of a team, and of the whole platform.</summary>
internal static class CallsApi
{
    /// <summary>The permission to read single calls.</summary>
    public const string Permission = "calls.read";

    public static void MapCalls(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet("/calls", SearchAsync).RequirePermission(Permission, team);
        routes.MapGet("/calls/tail", Tail).RequirePermission(Permission, team);
        routes.MapGet("/calls/export", Export).RequirePermission(Permission, team);
        routes.MapGet("/calls/{callId}", GetAsync).RequirePermission(Permission, team);
    }

    private static async Task<Page<CallDocument>> SearchAsync(
        QueryScope scope,
        PageRequest<(DateTimeOffset, Guid)> page,
        Query<CallFilterInput> query,
        CallSearch search,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (filter, range) = Judge(scope, query.Value, QueryCheck.ForRest(), time);
        return await search.PageAsync(filter, range, page, cancellationToken);
    }

    private static async Task<Results<Ok<CallDocument>, ApiProblem>> GetAsync(
        QueryScope scope,
        string callId,
        CallSearch search,
        CancellationToken cancellationToken
    ) => (await search.GetAsync(scope, callId, cancellationToken)).To(TypedResults.Ok);

    private static EventStream Tail(
        QueryScope scope,
        Query<CallFilterInput> query,
        CallTail tail,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var check = QueryCheck.ForRest();
        if (query.Value.From is not null || query.Value.To is not null)
        {
            check.Add(
                query.Value.From is null ? "to" : "from",
                "not_allowed",
                "A live view has no range: it begins now."
            );
        }

        var (filter, _) = Judge(scope, query.Value, check, time);
        return new(tail.FollowAsync(filter, cancellationToken));
    }

    private static CallExport Export(
        QueryScope scope,
        Query<ExportInput> query,
        CallSearch search,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (filter, range) = Judge(scope, query.Value, QueryCheck.ForRest(), time);
        return new(search.StreamAsync(filter, range, cancellationToken), query.Value.Format);
    }

    /// <exception cref="ApiProblemException">400 with all violations.</exception>
    internal static (CallFilter Filter, QueryRange Range) Judge(
        QueryScope scope,
        CallFilterInput input,
        QueryCheck check,
        TimeProvider time
    )
    {
        var filter = CallFilter.Of(scope, input, check);
        var range = QueryRange.Of(input, time.GetUtcNow(), check);
        check.ThrowIfWrong();
        return (filter, range);
    }
}
