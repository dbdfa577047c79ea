using System.Globalization;
using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Reports;
using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>
/// 50 changes a second, a minute in all, while calls come at a fixed rate: what they do to latencies, and how long each
/// takes until the gateway says that it answers calls. Quiet times and times with changes take turns.
/// </summary>
internal sealed class ConfigScenario : IScenario
{
    private const int ChangesPerSecond = 50;
    private const int ChangingSeconds = 60;
    private const int Keys = 10_000;

    public string Name => "config";

    public async Task<ScenarioResult> RunAsync(
        BenchOptions options,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        var result = new ScenarioResult(Name, options.Rounds);
        foreach (var apis in (int[])[10, 10_000])
        {
            await MeasureAsync(apis, options, progress, result, cancellationToken);
        }

        return result;
    }

    private static async Task MeasureAsync(
        int apis,
        BenchOptions options,
        Progress progress,
        ScenarioResult result,
        CancellationToken cancellationToken
    )
    {
        await using var stage = await Stage.StartAsync(options, cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"{apis:n0} APIs");
        var landscape = new Landscape(apis, Keys, stage.Upstream.Address);
        var gateway = await stage.StartGatewayAsync(landscape, cancellationToken);
        var requests = RequestsFile.Keyed(stage.Scratch, landscape, "config");
        var quiet = new Contender($"{name}, quiet", gateway, gateway.Http, requests);
        var changing = quiet with { Name = $"{name}, {ChangesPerSecond} changes a second" };
        await new Warming(options, progress, stage.Wrk).RunAsync([quiet], cancellationToken);
        var changes = new Changes(gateway, landscape);
        await changes.RunAsync(ChangesPerSecond, options.WarmUp, cancellationToken);
        var delays = new List<double>();
        var turn = TimeSpan.FromSeconds(
            options.Quick ? options.Seconds : Math.Max(1, ChangingSeconds / options.Rounds)
        );
        var turns = await new Rounds(options, progress).RunAsync(
            name,
            [quiet, changing],
            async contender =>
            {
                var load = stage.Wrk.SteadyAsync(
                    contender,
                    options.Rate / 2,
                    turn,
                    cancellationToken
                );
                if (contender == changing)
                {
                    delays.AddRange(
                        await changes.RunAsync(ChangesPerSecond, turn, cancellationToken)
                    );
                }

                return await load;
            },
            cancellationToken
        );
        Put(result, quiet.Name, changing.Name, turns, delays);
    }

    private static void Put(
        ScenarioResult result,
        string quiet,
        string changing,
        RoundsResult turns,
        List<double> delays
    )
    {
        foreach (var name in (string[])[quiet, changing])
        {
            result.Put(name, "cpu_us", turns.Median(name, t => t.CpuUs));
            result.Put(name, "rps", turns.Median(name, t => t.Load.PerSecond));
            result.Put(name, "p50_us", turns.Median(name, t => t.Load.P50));
            result.Put(name, "p99_us", turns.Median(name, t => t.Load.P99));
        }

        result.Put(changing, "changes", delays.Count);
        result.Put(changing, "live_p50_ms", delays.Quantile(0.5));
        result.Put(changing, "live_p99_ms", delays.Quantile(0.99));
        var p50 = result.PutRatio(
            $"p50 {changing}/quiet",
            turns.Ratios(changing, quiet, t => t.Load.P50)
        );
        var p99 = result.PutRatio(
            $"p99 {changing}/quiet",
            turns.Ratios(changing, quiet, t => t.Load.P99)
        );
        result.Aims.Add(new($"p50, {changing}/quiet", p50, 1.1));
        result.Aims.Add(new($"p99, {changing}/quiet", p99, 1.5));
        result.Aims.Add(new($"ms until live, p99, {changing}", delays.Quantile(0.99), 1_000));
    }
}
