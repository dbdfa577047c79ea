using System.Diagnostics;
using Npgsql;

namespace ApiSvc.Bench.Ingest;

/// <summary>Times the queries of a dashboard.</summary>
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

        var times = new List<QueryTime>();
        foreach (var (what, ask) in new DashboardQueries(source).All)
        {
            await ask();
            times.Add(await TimeAsync(what, ask));
        }

        return times;
    }

    private static async Task<QueryTime> TimeAsync(string what, Func<Task> ask)
    {
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
