using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Reports;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>TLS 1.3: calls on kept connections, and connections with one call each, resumed and not.</summary>
internal sealed class TlsScenario : IScenario
{
    public string Name => "tls";

    public async Task<ScenarioResult> RunAsync(
        BenchOptions options,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        await using var stage = await Stage.StartAsync(options, cancellationToken);
        var requests = RequestsFile.Open(stage.Scratch);
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
            .Select(s => new Contender(s.Name, s, s.Https!, requests))
            .ToList();
        var result = new ScenarioResult(Name, options.Rounds);
        var handshakes = new Handshakes(stage.Certificate);
        await new Warming(options, progress, stage.Wrk).RunAsync(contenders, cancellationToken);
        foreach (var contender in contenders.Where(c => c.Subject.CompilesAtRunTime))
        {
            await handshakes.RunAsync(contender, false, options.WarmUp / 2, cancellationToken);
            await handshakes.RunAsync(contender, true, options.WarmUp / 2, cancellationToken);
        }

        await TurnsAsync("kept", c => stage.Wrk.SaturateAsync(c, options.Turn, cancellationToken));
        await TurnsAsync(
            "new",
            c => handshakes.RunAsync(c, false, options.Turn, cancellationToken)
        );
        // Whoever does not resume pays for a whole handshake here too; the share says so.
        await TurnsAsync(
            "resumed",
            async c =>
            {
                var load = await handshakes.RunAsync(c, true, options.Turn, cancellationToken);
                result.Put(c.Name, "resumed_share", handshakes.ResumedShare);
                return load;
            }
        );
        return result;

        Task TurnsAsync(string what, Func<Contender, Task<LoadResult>> load) =>
            RunAsync(what, contenders, options, progress, result, load, cancellationToken);
    }

    private static async Task RunAsync(
        string what,
        IReadOnlyList<Contender> contenders,
        BenchOptions options,
        Progress progress,
        ScenarioResult result,
        Func<Contender, Task<LoadResult>> load,
        CancellationToken cancellationToken
    )
    {
        var turns = await new Rounds(options, progress).RunAsync(
            $"tls {what}",
            contenders,
            load,
            cancellationToken
        );
        foreach (var name in contenders.Select(c => c.Name))
        {
            result.Put(name, $"{what}_cpu_us", turns.Median(name, t => t.CpuUs));
            result.Put(name, $"{what}_rps", turns.Median(name, t => t.Load.PerSecond));
            result.Put(name, $"{what}_p99_us", turns.Median(name, t => t.Load.P99));
            if (name != "apisvc")
            {
                result.PutRatio(
                    $"{what} apisvc/{name}",
                    turns.Ratios("apisvc", name, t => t.CpuUs)
                );
            }
        }
    }
}
