using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Processes;
using ApiSvc.Bench.Gateway.Reports;
using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>Memory for connections that wait: 10,000 without TLS, then 4,000 more with it; nginx beside.</summary>
internal sealed class IdleScenario : IScenario
{
    // A process here may have 20,000 files; the sender has a connection's other end.
    private const int Plain = 10_000;
    private const int Tls = 4_000;
    private const double MostMegabytes = 150;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public string Name => "idle";

    public async Task<ScenarioResult> RunAsync(
        BenchOptions options,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        await using var stage = await Stage.StartAsync(options, cancellationToken);
        var requests = RequestsFile.Open(stage.Scratch);
        var peers = await stage.StartPeersAsync(null, cancellationToken, "nginx");
        var gateway = await stage.StartGatewayAsync(
            new Landscape(100, 100, stage.Upstream.Address),
            cancellationToken
        );
        var result = new ScenarioResult(Name, 1);
        foreach (var subject in peers.Append(gateway))
        {
            await new Warming(options, progress, stage.Wrk).RunAsync(
                [new(subject.Name, subject, subject.Http, requests)],
                cancellationToken
            );
            await MeasureAsync(subject, progress, result, cancellationToken);
        }

        result.Aims.Add(
            new($"MB for {Plain} plain", result.Subjects["apisvc"]["plain_mb"], MostMegabytes)
        );
        result.Aims.Add(
            new($"MB for {Tls} by TLS", result.Subjects["apisvc"]["tls_mb"], MostMegabytes)
        );
        return result;
    }

    private static async Task MeasureAsync(
        Subject subject,
        Progress progress,
        ScenarioResult result,
        CancellationToken cancellationToken
    )
    {
        progress.Say($"{subject.Name}: {Plain} connections");
        var before = await MegabytesAsync(subject, cancellationToken);
        await using var plain = await IdleConnections.OpenAsync(
            new(subject.Http),
            Plain,
            cancellationToken
        );
        var withPlain = await MegabytesAsync(subject, cancellationToken);
        progress.Say($"{subject.Name}: {Tls} connections by TLS");
        await using var tls = await IdleConnections.OpenAsync(
            new(subject.Https!),
            Tls,
            cancellationToken
        );
        var withTls = await MegabytesAsync(subject, cancellationToken);
        await plain.CheckAsync(cancellationToken);
        await tls.CheckAsync(cancellationToken);
        result.Put(subject.Name, "before_mb", before);
        result.Put(subject.Name, "plain_mb", withPlain - before);
        result.Put(subject.Name, "kb_a_plain", (withPlain - before) * 1000 / Plain);
        result.Put(subject.Name, "tls_mb", withTls - withPlain);
        result.Put(subject.Name, "kb_a_tls", (withTls - withPlain) * 1000 / Tls);
    }

    private static async Task<double> MegabytesAsync(
        Subject subject,
        CancellationToken cancellationToken
    )
    {
        await Task.Delay(Settling, cancellationToken);
        return ProcessTree.MemoryOf(subject.Process.Id) / 1e6;
    }
}
