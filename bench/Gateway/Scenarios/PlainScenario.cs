using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Reports;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>Forwarding alone: nobody asks who calls. The gateway records its calls all the same.</summary>
internal sealed class PlainScenario : IScenario
{
    public string Name => "plain";

    public async Task<ScenarioResult> RunAsync(
        BenchOptions options,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        await using var stage = await Stage.StartAsync(options, cancellationToken);
        var requests = RequestsFile.Open(stage.Scratch);
        var subjects = await stage.StartPeersAsync(
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
        var contenders = subjects
            .Append(gateway)
            .Select(s => new Contender(s.Name, s, s.Http, requests))
            .ToList();
        var result = new ScenarioResult(Name, options.Rounds);
        await stage.Compare(progress).RunAsync(contenders, result, cancellationToken);
        result.AddAimsAgainstNginx();
        return result;
    }
}
