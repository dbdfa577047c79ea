using System.Diagnostics;
using ApiSvc.Analytics.Calls;
using ApiSvc.Analytics.Dimensions;
using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Identifiers;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Bench.Ingest;

/// <summary>The queries of a dashboard, as the service answers them, without HTTP around.</summary>
internal static class QueryRun
{
    private const int Rounds = 9;

    public static async Task<IReadOnlyList<QueryTime>> RunAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using (var analyze = source.CreateCommand("vacuum analyze"))
        {
            await analyze.ExecuteNonQueryAsync();
        }

        var options = Options.Create(new QueryOptions());
        var numbers = new CallNumbers(
            new QueryEngine(source, options),
            new NameBook(source),
            TimeProvider.System
        );
        var search = new CallSearch(source, new CallTexts(source), options, TimeProvider.System);
        var team = new QueryScope(CallSource.IdOf(6, 3));
        var all = new QueryScope((Guid?)null);
        var api = new Id<ApiKind>(CallSource.IdOf(1, 3)).ToString();
        var now = DateTimeOffset.UtcNow;
        (string What, Func<Task> Ask)[] queries =
        [
            ("platform, calls of 24 h", () => Series(all, new())),
            ("platform, p95 of 24 h", () => Series(all, new() { Metric = Metric.LatencyP95 })),
            ("platform, top 10 APIs of 24 h", () => Top(all, Metric.Calls, Dimension.Api)),
            (
                "platform, top 10 by p99 of 1 h",
                () => Top(all, Metric.LatencyP99, Dimension.Api, now.AddHours(-1))
            ),
            ("team, calls of 24 h", () => Series(team, new())),
            ("team, p95 of 24 h", () => Series(team, new() { Metric = Metric.LatencyP95 })),
            (
                "team, errors by API, 24 h",
                () => Series(team, new() { Metric = Metric.Errors, By = Dimension.Api })
            ),
            (
                "team, top 10 applications of 24 h",
                () => Top(team, Metric.Calls, Dimension.Application)
            ),
            (
                "team, breakdown by operation, 24 h",
                () =>
                    numbers.BreakdownAsync(
                        team,
                        new() { By = Dimension.Operation, Side = Side.Provider },
                        QueryCheck.ForRest(),
                        default
                    )
            ),
            (
                "one API, calls and minutes of 1 h",
                () => Series(all, new() { Api = [api], From = now.AddHours(-1) })
            ),
            ("team, last 50 calls", () => Search(team, new())),
            ("team, last 50 with status 503", () => Search(team, new() { Status = [503] })),
            (
                "team, 50 of an application",
                () =>
                    Search(
                        team,
                        new()
                        {
                            Application =
                            [
                                new Id<ApplicationKind>(CallSource.IdOf(4, 3)).ToString(),
                            ],
                        }
                    )
            ),
            (
                "team, path that nothing matches, 24 h",
                () => Search(team, new() { PathContains = "no such path" })
            ),
            ("platform, last 50 with status 503", () => Search(all, new() { Status = [503] })),
        ];

        var times = new List<QueryTime>();
        foreach (var (what, ask) in queries)
        {
            await ask();
            var measured = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var begun = Stopwatch.GetTimestamp();
                await ask();
                measured.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            measured.Sort();
            times.Add(new(what, measured[Rounds / 2], measured[^1]));
        }

        return times;

        Task Series(QueryScope scope, SeriesInput input) =>
            numbers.SeriesAsync(
                scope,
                input with
                {
                    Interval = input.From is null ? TimeSpan.FromHours(1) : null,
                },
                QueryCheck.ForRest(),
                default
            );

        Task Top(QueryScope scope, Metric metric, Dimension by, DateTimeOffset? from = null) =>
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

        Task Search(QueryScope scope, CallFilterInput input)
        {
            var check = QueryCheck.ForRest();
            var filter = CallFilter.Of(scope, input, check);
            var range = QueryRange.Of(input, now, check);
            return search.FindAsync(filter, range, null, 50, default);
        }
    }
}

/// <summary>How long a query took, in milliseconds.</summary>
internal sealed record QueryTime(string What, double Median, double Longest);
