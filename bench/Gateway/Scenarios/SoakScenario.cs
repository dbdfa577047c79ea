using System.Diagnostics;
using System.Globalization;
using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Processes;
using ApiSvc.Bench.Gateway.Reports;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>Half of what the gateway can do, for minutes: the heap after a full collection must not grow.</summary>
internal sealed class SoakScenario : IScenario
{
    private const int Keys = 10_000;
    private const int SamplesAtMost = 30;
    private const double MostGrowth = 0.05;

    public string Name => "soak";

    public async Task<ScenarioResult> RunAsync(
        BenchOptions options,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        await using var stage = await Stage.StartAsync(options, cancellationToken);
        var landscape = new Landscape(100, Keys, stage.Upstream.Address);
        var gateway = await stage.StartGatewayAsync(landscape, cancellationToken);
        var contender = new Contender(
            gateway.Name,
            gateway,
            gateway.Http,
            RequestsFile.Keyed(stage.Scratch, landscape, "soak")
        );
        await new Warming(options, progress, stage.Wrk).RunAsync([contender], cancellationToken);
        var most = await stage.Wrk.SaturateAsync(contender, options.Turn, cancellationToken);
        var heap = new ManagedHeap(gateway);
        var (begun, samples) = (Stopwatch.GetTimestamp(), new List<(double Minutes, double Mb)>());
        var pieces = Math.Min(SamplesAtMost, options.Minutes * 6);
        var piece = TimeSpan.FromMinutes(options.Minutes) / pieces;
        var rates = new List<LoadResult>();
        for (var i = 0; i < pieces; i++)
        {
            rates.Add(
                await stage.Wrk.SteadyAsync(
                    contender,
                    (int)(most.PerSecond / 2),
                    piece,
                    cancellationToken
                )
            );
            var mb = await heap.SettleAsync(cancellationToken) / 1e6;
            samples.Add((Stopwatch.GetElapsedTime(begun).TotalMinutes, mb));
            progress.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{samples[^1].Minutes:0.0} min: {mb:0.00} MB, {rates[^1].PerSecond:0} a second"
                )
            );
        }

        return ResultOf(samples, rates, most, ProcessTree.MemoryOf(gateway.Process.Id) / 1e6);
    }

    private ScenarioResult ResultOf(
        List<(double Minutes, double Mb)> samples,
        List<LoadResult> rates,
        LoadResult most,
        double residentMb
    )
    {
        // Of a line through all (least squares).
        var (x, y) = (samples.Average(s => s.Minutes), samples.Average(s => s.Mb));
        var slope =
            samples.Sum(s => (s.Minutes - x) * (s.Mb - y))
            / samples.Sum(s => (s.Minutes - x) * (s.Minutes - x));
        var result = new ScenarioResult(Name, samples.Count);
        result.Put("apisvc", "minutes", samples[^1].Minutes);
        result.Put("apisvc", "saturated_rps", most.PerSecond);
        result.Put("apisvc", "rps", rates.Select(r => r.PerSecond).Median());
        result.Put("apisvc", "p99_us", rates.Select(r => r.P99).Median());
        result.Put("apisvc", "first_heap_mb", samples[0].Mb);
        result.Put("apisvc", "last_heap_mb", samples[^1].Mb);
        result.Put("apisvc", "heap_mb_an_hour", slope * 60);
        result.Put("apisvc", "resident_mb", residentMb);
        result.Aims.Add(
            new(
                "share the heap grows by, on a line through all",
                slope * samples[^1].Minutes / y,
                MostGrowth
            )
        );
        return result;
    }
}
