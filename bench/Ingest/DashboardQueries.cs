using ApiSvc.Analytics.Calls;
using ApiSvc.Analytics.Dimensions;
using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Identifiers;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Bench.Ingest;

/// <summary>What a dashboard asks, as the service answers it, without HTTP around.</summary>
internal sealed class DashboardQueries
{
    private readonly CallNumbers _numbers;
    private readonly CallSearch _search;
    private readonly QueryScope _team = new(CallSource.IdOf(6, 3));
    private readonly QueryScope _all = new((Guid?)null);
    private readonly string _api = new Id<ApiKind>(CallSource.IdOf(1, 3)).ToString();
    private readonly string _application = new Id<ApplicationKind>(
        CallSource.IdOf(4, 3)
    ).ToString();
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    public DashboardQueries(NpgsqlDataSource source)
    {
        var options = Options.Create(new QueryOptions());
        _numbers = new(new QueryEngine(source, options), new NameBook(source), TimeProvider.System);
        _search = new(source, new CallTexts(source), options, TimeProvider.System);
    }

    /// <summary>All of them, by what they ask.</summary>
    public IEnumerable<(string What, Func<Task> Ask)> All => [.. OfNumbers(), .. OfCalls()];

    private IEnumerable<(string, Func<Task>)> OfNumbers() =>
        [
            ("platform, calls of 24 h", () => Series(_all, new())),
            ("platform, p95 of 24 h", () => Series(_all, new() { Metric = Metric.LatencyP95 })),
            ("platform, top 10 APIs of 24 h", () => Top(_all, Metric.Calls, Dimension.Api)),
            (
                "platform, top 10 by p99 of 1 h",
                () => Top(_all, Metric.LatencyP99, Dimension.Api, _now.AddHours(-1))
            ),
            ("team, calls of 24 h", () => Series(_team, new())),
            ("team, p95 of 24 h", () => Series(_team, new() { Metric = Metric.LatencyP95 })),
            (
                "team, errors by API, 24 h",
                () => Series(_team, new() { Metric = Metric.Errors, By = Dimension.Api })
            ),
            (
                "team, top 10 applications of 24 h",
                () => Top(_team, Metric.Calls, Dimension.Application)
            ),
            ("team, breakdown by operation, 24 h", BreakDown),
            (
                "one API, calls and minutes of 1 h",
                () => Series(_all, new() { Api = [_api], From = _now.AddHours(-1) })
            ),
        ];

    private IEnumerable<(string, Func<Task>)> OfCalls() =>
        [
            ("team, last 50 calls", () => Search(_team, new())),
            ("team, last 50 with status 503", () => Search(_team, new() { Status = [503] })),
            (
                "team, 50 of an application",
                () => Search(_team, new() { Application = [_application] })
            ),
            (
                "team, path that nothing matches, 24 h",
                () => Search(_team, new() { PathContains = "no such path" })
            ),
            ("platform, last 50 with status 503", () => Search(_all, new() { Status = [503] })),
        ];

    private Task Series(QueryScope scope, SeriesInput input) =>
        _numbers.SeriesAsync(
            scope,
            input with
            {
                Interval = input.From is null ? TimeSpan.FromHours(1) : null,
            },
            QueryCheck.ForRest(),
            default
        );

    private Task Top(QueryScope scope, Metric metric, Dimension by, DateTimeOffset? from = null) =>
        _numbers.TopAsync(
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

    private Task BreakDown() =>
        _numbers.BreakdownAsync(
            _team,
            new() { By = Dimension.Operation, Side = Side.Provider },
            QueryCheck.ForRest(),
            default
        );

    private Task Search(QueryScope scope, CallFilterInput input)
    {
        var check = QueryCheck.ForRest();
        var filter = CallFilter.Of(scope, input, check);
        var range = QueryRange.Of(input, _now, check);
        return _search.FindAsync(filter, range, null, 50, default);
    }
}
