using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Reports;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>Rounds at saturation for cost, and rounds at a fixed rate for latency.</summary>
internal sealed class Comparison(
    BenchOptions options,
    Progress progress,
    Wrk wrk,
    Instructions instructions
)
{
    /// <returns>All calls of each contender, those of warming included.</returns>
    public async Task<Dictionary<string, CallCount>> RunAsync(
        IReadOnlyList<Contender> contenders,
        ScenarioResult result,
        CancellationToken cancellationToken
    )
    {
        var counts = await new Warming(options, progress, wrk).RunAsync(
            contenders,
            cancellationToken
        );
        var rounds = new Rounds(options, progress);
        var full = await rounds.RunAsync(
            $"{result.Scenario} at saturation",
            contenders,
            c => CountedAsync(c, wrk.SaturateAsync(c, options.Turn, cancellationToken)),
            cancellationToken
        );
        var steady = await rounds.RunAsync(
            $"{result.Scenario} at {options.Rate} a second",
            contenders,
            c => CountedAsync(c, wrk.SteadyAsync(c, options.Rate, options.Turn, cancellationToken)),
            cancellationToken
        );
        Put(contenders, result, full, steady);
        foreach (var contender in contenders)
        {
            var instructionsEach = await instructions.CountAsync(
                contender,
                c => CountedAsync(c, wrk.SaturateAsync(c, options.Turn, cancellationToken)),
                cancellationToken
            );
            if (instructionsEach is { } each)
            {
                result.Put(contender.Name, "instructions", each);
            }

            counts[contender.Name]
                .Add(await wrk.CheckAsync(contender, TimeSpan.FromSeconds(1), cancellationToken));
        }

        return counts;

        async Task<LoadResult> CountedAsync(Contender contender, Task<LoadResult> load)
        {
            var loaded = await load;
            counts[contender.Name].Add(loaded);
            return loaded;
        }
    }

    public static void Put(
        IReadOnlyList<Contender> contenders,
        ScenarioResult result,
        RoundsResult full,
        RoundsResult steady
    )
    {
        foreach (var name in contenders.Select(c => c.Name))
        {
            result.Put(name, "cpu_us", full.Median(name, t => t.CpuUs));
            result.Put(name, "rps", full.Median(name, t => t.Load.PerSecond));
            result.Put(name, "rps_a_core", full.Median(name, t => 1e6 / t.CpuUs));
            result.Put(name, "steady_rps", steady.Median(name, t => t.Load.PerSecond));
            result.Put(name, "p50_us", steady.Median(name, t => t.Load.P50));
            result.Put(name, "p99_us", steady.Median(name, t => t.Load.P99));
            result.Put(name, "steady_cpu_us", steady.Median(name, t => t.CpuUs));
        }

        foreach (var peer in contenders.Select(c => c.Name).Where(n => n != "apisvc"))
        {
            result.PutRatio($"apisvc/{peer}", full.Ratios("apisvc", peer, t => t.CpuUs));
            result.PutRatio($"p99 apisvc/{peer}", steady.Ratios("apisvc", peer, t => t.Load.P99));
        }
    }
}
