using System.Diagnostics;
using ApiSvc.Analytics.Calls;
using ApiSvc.Analytics.Dimensions;
using ApiSvc.Analytics.Queries;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Bench.Ingest;

/// <summary>Asks a dashboard's queries as the service answers them, without HTTP around.</summary>
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
        var dashboard = new Dashboard(
            new CallNumbers(
                new QueryEngine(source, options),
                new NameBook(source),
                TimeProvider.System
            ),
            new CallSearch(source, new CallTexts(source), options, TimeProvider.System)
        );
        var times = new List<QueryTime>();
        foreach (var (what, ask) in dashboard.Queries())
        {
            times.Add(await MeasureAsync(what, ask));
        }

        return times;
    }

    private static async Task<QueryTime> MeasureAsync(string what, Func<Task> ask)
    {
        // The first reads from the disk and compiles.
        await ask();
        var measured = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var begun = Stopwatch.GetTimestamp();
            await ask();
            measured.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        measured.Sort();
        return new(what, measured[Rounds / 2], measured[^1]);
    }
}

/// <summary>How long a query took, in milliseconds.</summary>
internal sealed record QueryTime(string What, double Median, double Longest);
