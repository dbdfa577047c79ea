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
        var landscape = new Landscape(100, 100, stage.Upstream.Address);
        subjects.Add(await stage.StartGatewayAsync(landscape, cancellationToken));
        if (options.Variant is { } variant)
        {
            subjects.Add(
                await stage.StartGatewayAsync(landscape, cancellationToken, "variant", variant)
            );
        }

        var contenders = subjects.Select(s => new Contender(s.Name, s, s.Http, requests)).ToList();
        var result = new ScenarioResult(Name, options.Rounds);
        await stage.Compare(progress).RunAsync(contenders, result, cancellationToken);
        result.AddAimsAgainstNginx();
        return result;
    }
}
