using System.Diagnostics;
using System.Globalization;
using ApiSvc.Bench.Processes;

namespace ApiSvc.Bench.Ai;

/// <summary>What the adapter adds to a call at 200 calls a second: by turns straight to the provider and through it.</summary>
internal static class LatencyRun
{
    private const int Rate = 200;

    public static async Task<LatencyResult> RunAsync(Stage stage, int rounds, TimeSpan length)
    {
        var (straight, through) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < rounds; round++)
        {
            straight.AddRange(await Load.PaceAsync(stage.Straight, Rate, length));
            through.AddRange(await Load.PaceAsync(stage.Adapter, Rate, length));
        }

        return new(
            At(straight, 0.5),
            At(through, 0.5),
            At(straight, 0.99),
            At(through, 0.99),
            through.Count
        );
    }

    private static double At(List<TimeSpan> times, double share) =>
        times.Order().ElementAt((int)(share * (times.Count - 1))).TotalMilliseconds;
}

/// <param name="StraightMedian">In milliseconds, as the others.</param>
internal sealed record LatencyResult(
    double StraightMedian,
    double ThroughMedian,
    double StraightP99,
    double ThroughP99,
    int Calls
)
{
    public double AddedMedian => ThroughMedian - StraightMedian;

    public double AddedP99 => ThroughP99 - StraightP99;
}

/// <summary>Calls in a second of a gateway's own processor time, at saturation, by turns.</summary>
internal static class CostRun
{
    public static async Task<IReadOnlyDictionary<string, List<double>>> RunAsync(
        Stage stage,
        int rounds,
        TimeSpan length
    )
    {
        Way[] gateways = [stage.Adapter, stage.Peer];
        var results = gateways.ToDictionary(g => g.Name, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var way in gateways)
            {
                var before = ChildProcess.CpuOf(way.ProcessId);
                var calls = await Load.SaturateAsync(way, length);
                var spent = ChildProcess.CpuOf(way.ProcessId) - before;
                results[way.Name].Add(calls / spent.TotalSeconds);
            }
        }

        return results;
    }
}

/// <summary>The adapter's memory with many streams at once, each a token every half second.</summary>
internal static class StreamRun
{
    // 40 tokens of half a second: all are open at once for most of the time.
    public const string Behaviour = "tokens:40+slow:500";
    public const string Model = "stream";
    private const string LastToken = "token39";

    public static async Task<StreamResult> RunAsync(Stage stage, int streams)
    {
        using var http = Load.Client();
        var before = Resident(stage.Adapter.ProcessId);
        var cpu = ChildProcess.CpuOf(stage.Adapter.ProcessId);
        var open = Enumerable
            .Range(0, streams)
            .Select(_ => ReadAsync(http, stage.Adapter))
            .ToList();
        var all = Task.WhenAll(open);
        var most = before;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!all.IsCompleted && await timer.WaitForNextTickAsync())
        {
            most = Math.Max(most, Resident(stage.Adapter.ProcessId));
        }

        await all;
        return new(
            streams,
            before,
            most,
            (ChildProcess.CpuOf(stage.Adapter.ProcessId) - cpu).TotalSeconds
        );
    }

    private static async Task ReadAsync(HttpClient http, Way way)
    {
        using var answer = await way.AskAsync(http, Model, stream: true);
        var text = await answer.Content.ReadAsStringAsync();
        if (!text.Contains(LastToken, StringComparison.Ordinal) || !text.Contains("[DONE]"))
        {
            throw new InvalidOperationException($"A stream did not come to its end: {text}");
        }
    }

    // In megabytes.
    private static double Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1],
                CultureInfo.InvariantCulture
            ) / 1024.0;
    }
}

/// <param name="Before">Memory before, in megabytes.</param>
/// <param name="Most">The most memory while they were open, in megabytes.</param>
/// <param name="Cpu">Seconds of processor time for all.</param>
internal sealed record StreamResult(int Streams, double Before, double Most, double Cpu);
