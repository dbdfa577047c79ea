using ApiSvc.Analytics.Calls;
using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Bench.Ingest;

/// <summary>The queries of a dashboard: of the platform, of a team, of one API.</summary>
internal sealed class Dashboard(CallNumbers numbers, CallSearch search)
{
    private static readonly QueryScope All = new((Guid?)null);
    private static readonly QueryScope Team = new(CallSource.IdOf(6, 3));
    private static readonly string Api = new Id<ApiKind>(CallSource.IdOf(1, 3)).ToString();
    private static readonly string Application = new Id<ApplicationKind>(
        CallSource.IdOf(4, 3)
    ).ToString();

    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    public IEnumerable<(string What, Func<Task> Ask)> Queries() => [.. Numbers(), .. Calls()];

    private IEnumerable<(string What, Func<Task> Ask)> Numbers() =>
        [
            ("platform, calls of 24 h", () => Series(All, new())),
            ("platform, p95 of 24 h", () => Series(All, new() { Metric = Metric.LatencyP95 })),
            ("platform, top 10 APIs of 24 h", () => Top(All, Metric.Calls, Dimension.Api)),
            (
                "platform, top 10 APIs by p99 of 1 h",
                () => Top(All, Metric.LatencyP99, Dimension.Api, _now.AddHours(-1))
            ),
            ("team, calls of 24 h", () => Series(Team, new())),
            ("team, p95 of 24 h", () => Series(Team, new() { Metric = Metric.LatencyP95 })),
            (
                "team, errors by API, 24 h",
                () => Series(Team, new() { Metric = Metric.Errors, By = Dimension.Api })
            ),
            (
                "team, top 10 applications of 24 h",
                () => Top(Team, Metric.Calls, Dimension.Application)
            ),
            ("team, breakdown by operation, 24 h", () => Breakdown()),
            ("one API, minutes of 1 h", () => Series(All, LastHour())),
        ];

    private IEnumerable<(string What, Func<Task> Ask)> Calls() =>
        [
            ("team, last 50 calls", () => Search(Team, new())),
            ("team, last 50 with status 503", () => Search(Team, new() { Status = [503] })),
            (
                "team, last 50 of an application",
                () => Search(Team, new() { Application = [Application] })
            ),
            (
                "team, text that is in no path, 24 h",
                () => Search(Team, new() { PathContains = "no such path" })
            ),
            ("platform, last 50 with status 503", () => Search(All, new() { Status = [503] })),
        ];

    private SeriesInput LastHour() =>
        new()
        {
            Api = [Api],
            From = _now.AddHours(-1),
            Interval = TimeSpan.FromMinutes(1),
        };

    private Task<SeriesDocument> Series(QueryScope scope, SeriesInput input) =>
        numbers.SeriesAsync(
            scope,
            input with
            {
                Interval = input.Interval ?? TimeSpan.FromHours(1),
            },
            QueryCheck.ForRest(),
            default
        );

    private Task<TopDocument> Top(
        QueryScope scope,
        Metric metric,
        Dimension by,
        DateTimeOffset? from = null
    ) =>
        numbers.TopAsync(
            scope,
            new()
            {
                Metric = metric,
                By = by,
                From = from,
            },
            QueryCheck.ForRest(),
            default
        );

    private Task<BreakdownDocument> Breakdown() =>
        numbers.BreakdownAsync(
            Team,
            new() { By = Dimension.Operation, Side = Side.Provider },
            QueryCheck.ForRest(),
            default
        );

    private Task<FoundCalls> Search(QueryScope scope, CallFilterInput input)
    {
        var check = QueryCheck.ForRest();
        var filter = CallFilter.Of(scope, input, check);
        return search.FindAsync(filter, QueryRange.Of(input, _now, check), null, 50, default);
    }
}
