using System.Globalization;
using System.Text.Json;

namespace ApiSvc.Bench.Ingest;

/// <summary>Prints what was measured.</summary>
internal sealed class Report(bool json)
{
    public void Round(string kind, IngestRound round)
    {
        if (!json)
        {
            Say(
                $"{kind}: {round.Calls:n0} calls of {round.Messages} messages in {round.Took.TotalSeconds:0.0} s: {round.PerSecond:n0} a second; CPU µs a call: Analytics {round.CpuUs[0]:0.0}, Postgres {round.CpuUs[1]:0.0}, broker {round.CpuUs[2]:0.0}"
            );
        }
    }

    public void Finish(
        IReadOnlyList<IngestRound> rounds,
        IngestRound day,
        IReadOnlyList<QueryTime> queries
    )
    {
        var median =
            rounds.Count == 0 ? null : rounds.OrderBy(r => r.PerSecond).ElementAt(rounds.Count / 2);
        if (json)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        scenario = "ingest",
                        rounds = rounds.Count,
                        subjects = new { apisvc = Subject(median), apisvc_day = Subject(day) },
                        queries = queries.ToDictionary(q => q.What, q => q.Median),
                    }
                )
            );
            return;
        }

        if (median is not null)
        {
            Say($"\nmedian of {rounds.Count} rounds: {median.PerSecond:n0} calls a second");
        }

        Queries(queries);

        static object? Subject(IngestRound? round) =>
            round is null ? null : new { cpu_us = round.CpuUs.Sum(), rps = round.PerSecond };
    }

    public static void Queries(IReadOnlyList<QueryTime> queries)
    {
        Say($"\n| query over the day | median ms | longest ms |");
        Say($"| --- | ---: | ---: |");
        foreach (var query in queries)
        {
            Say($"| {query.What} | {query.Median:0.0} | {query.Longest:0.0} |");
        }
    }

    private static void Say(FormattableString line) =>
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
