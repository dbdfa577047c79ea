using ApiSvc.Analytics.Lost;
using ApiSvc.Analytics.Queries;
using ApiSvc.Contracts.Analytics.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Analytics.Calls;

/// <summary>
/// Queries over gRPC. The team of a message may be left out, for the whole platform, so each method asks for it itself
/// (<see cref="QueryScope"/>).
/// </summary>
internal sealed class AnalyticsService(
    CallNumbers numbers,
    CallSearch search,
    CallTail tail,
    LostCallList lost,
    TimeProvider time
) : Contracts.Analytics.V1.Analytics.AnalyticsBase
{
    [RequirePermission(NumbersApi.Permission, Team = TeamSource.Any)]
    public override async Task<QuerySeriesResponse> QuerySeries(
        QuerySeriesRequest request,
        ServerCallContext context
    )
    {
        var scope = ScopeOf(context, NumbersApi.Permission, request.TeamId);
        var check = QueryCheck.ForMessage();
        var input = Questions.Of(request, check);
        return Answers.Of(
            await numbers.SeriesAsync(scope, input, check, context.CancellationToken)
        );
    }

    [RequirePermission(NumbersApi.Permission, Team = TeamSource.Any)]
    public override async Task<QueryTopResponse> QueryTop(
        QueryTopRequest request,
        ServerCallContext context
    )
    {
        var scope = ScopeOf(context, NumbersApi.Permission, request.TeamId);
        var check = QueryCheck.ForMessage();
        var input = Questions.Of(request, check);
        return Answers.Of(await numbers.TopAsync(scope, input, check, context.CancellationToken));
    }

    [RequirePermission(NumbersApi.Permission, Team = TeamSource.Any)]
    public override async Task<QueryBreakdownResponse> QueryBreakdown(
        QueryBreakdownRequest request,
        ServerCallContext context
    )
    {
        var scope = ScopeOf(context, NumbersApi.Permission, request.TeamId);
        var check = QueryCheck.ForMessage();
        var input = Questions.Of(request, check);
        return Answers.Of(
            await numbers.BreakdownAsync(scope, input, check, context.CancellationToken)
        );
    }

    [RequirePermission(NumbersApi.Permission, Team = TeamSource.Any)]
    public override async Task<QueryPercentilesResponse> QueryPercentiles(
        QueryPercentilesRequest request,
        ServerCallContext context
    )
    {
        var scope = ScopeOf(context, NumbersApi.Permission, request.TeamId);
        var check = QueryCheck.ForMessage();
        var input = Questions.Of(request, check);
        return Answers.Of(
            await numbers.PercentilesAsync(scope, input, check, context.CancellationToken)
        );
    }

    [RequirePermission(CallsApi.Permission, Team = TeamSource.Any)]
    public override async Task<SearchCallsResponse> SearchCalls(
        SearchCallsRequest request,
        ServerCallContext context
    )
    {
        var (filter, range) = Judge(request, context);
        var asked = request.Clone();
        asked.Limit = 0;
        asked.Cursor = "";
        var page = PageRequest<(DateTimeOffset, Guid)>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            asked.ToString()
        );
        var found = await search.PageAsync(filter, range, page, context.CancellationToken);
        return new()
        {
            Calls = { found.Items.Select(Answers.Of) },
            NextCursor = found.NextCursor ?? "",
        };
    }

    [RequirePermission(CallsApi.Permission, Team = TeamSource.Any)]
    public override async Task<Call> GetCall(GetCallRequest request, ServerCallContext context)
    {
        var scope = ScopeOf(context, CallsApi.Permission, request.TeamId);
        return Answers.Of(
            (await search.GetAsync(scope, request.Id, context.CancellationToken)).OrThrow()
        );
    }

    [RequirePermission(CallsApi.Permission, Team = TeamSource.Any)]
    public override async Task TailCalls(
        TailCallsRequest request,
        IServerStreamWriter<Call> responseStream,
        ServerCallContext context
    )
    {
        var scope = ScopeOf(context, CallsApi.Permission, request.TeamId);
        var check = QueryCheck.ForMessage();
        var filter = CallFilter.Of(scope, Questions.Of(request, check), check);
        check.ThrowIfWrong();
        await foreach (var calls in tail.FollowAsync(filter, context.CancellationToken))
        {
            if (calls.Count == 0)
            {
                // The head tells the client that it misses nothing from now on.
                await context.WriteResponseHeadersAsync([]);
            }

            foreach (var call in calls)
            {
                await responseStream.WriteAsync(Answers.Of(call), context.CancellationToken);
            }
        }
    }

    [RequirePermission(CallsApi.Permission, Team = TeamSource.Any)]
    public override async Task ExportCalls(
        SearchCallsRequest request,
        IServerStreamWriter<Call> responseStream,
        ServerCallContext context
    )
    {
        var (filter, range) = Judge(request, context);
        await foreach (var call in search.StreamAsync(filter, range, context.CancellationToken))
        {
            await responseStream.WriteAsync(Answers.Of(call), context.CancellationToken);
        }
    }

    [RequirePermission(NumbersApi.Permission, Team = TeamSource.Platform)]
    public override async Task<ListLostCallsResponse> ListLostCalls(
        ListLostCallsRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<(long, long)>.ForCall(context, request.Limit, request.Cursor);
        var rows = await lost.ListAsync(page, context.CancellationToken);
        var totals = await lost.TotalsAsync(context.CancellationToken);
        return new()
        {
            Ranges = { rows.Items.Select(Answers.Of) },
            NextCursor = rows.NextCursor ?? "",
            Total = (ulong)totals.Lost,
            SetAside = (ulong)totals.SetAside,
        };
    }

    private (CallFilter Filter, QueryRange Range) Judge(
        SearchCallsRequest request,
        ServerCallContext context
    )
    {
        var scope = ScopeOf(context, CallsApi.Permission, request.TeamId);
        var check = QueryCheck.ForMessage();
        return CallsApi.Judge(scope, Questions.Of(request, check), check, time);
    }

    private static QueryScope ScopeOf(ServerCallContext context, string permission, string team) =>
        QueryScope.Of(Actor.Of(context).Caller, permission, team);
}
