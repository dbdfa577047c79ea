using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Processes;
using ApiSvc.Bench.Gateway.Reports;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>Clients that speak HTTP/2 over TLS; the upstream still gets HTTP/1.1.</summary>
internal sealed class H2Scenario : IScenario
{
    private const int FirstCalls = 2_000;

    public string Name => "h2";

    public async Task<ScenarioResult> RunAsync(
        BenchOptions options,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        await using var stage = await Stage.StartAsync(options, cancellationToken);
        var peers = await stage.StartPeersAsync(
            null,
            cancellationToken,
            "yarp",
            "haproxy",
            "nginx"
        );
        var gateway = await stage.StartGatewayAsync(
            new Landscape(100, 100, stage.Upstream.Address),
            cancellationToken
        );
        var contenders = peers
            .Append(gateway)
            .Select(s => new Contender(s.Name, s, s.Https!, ""))
            .ToList();
        var load = new H2Load(stage.Scratch);
        var calls = new Dictionary<string, long>();
        foreach (var contender in contenders)
        {
            progress.Say($"warming {contender.Name}");
            calls[contender.Name] = await WarmAsync(contender, load, options, cancellationToken);
        }

        var rounds = new Rounds(options, progress);
        var full = await rounds.RunAsync(
            "h2 at saturation",
            contenders,
            c => load.SaturateAsync(c, Landscape.OpenPath, calls[c.Name], cancellationToken),
            cancellationToken
        );
        var steady = await rounds.RunAsync(
            "h2 at a fixed rate",
            contenders,
            c =>
                load.SteadyAsync(
                    c,
                    Landscape.OpenPath,
                    options.Rate / 2,
                    options.Turn,
                    cancellationToken
                ),
            cancellationToken
        );
        var result = new ScenarioResult(Name, options.Rounds);
        Comparison.Put(contenders, result, full, steady);
        return result;
    }

    /// <returns>How many calls fill a turn.</returns>
    private static async Task<long> WarmAsync(
        Contender contender,
        H2Load load,
        BenchOptions options,
        CancellationToken cancellationToken
    )
    {
        var calls = (long)FirstCalls;
        var spent = TimeSpan.Zero;
        var warmth = new Warmth(options.WarmUp, options.LongestWarmUp);
        while (true)
        {
            var cpu = ProcessTree.CpuOf(contender.Subject.Process.Id);
            var result = await load.SaturateAsync(
                contender,
                Landscape.OpenPath,
                calls,
                cancellationToken
            );
            var cost = (ProcessTree.CpuOf(contender.Subject.Process.Id) - cpu) / result.Calls;
            calls = (long)(result.PerSecond * options.Seconds) + 1;
            spent += TimeSpan.FromMicroseconds(result.Microseconds);
            if (
                !contender.Subject.CompilesAtRunTime
                || warmth.IsReached(spent, cost.TotalMicroseconds)
            )
            {
                return calls;
            }
        }
    }
}
