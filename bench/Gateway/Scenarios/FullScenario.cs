using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Reports;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>
/// A key among 10,000, a limit for each, and a record of each call. The gateway's own open API takes turns too, in the
/// same process: what key, subscription and limit cost together.
/// </summary>
internal sealed class FullScenario : IScenario
{
    private const int Keys = 10_000;
    private const string OpenName = "apisvc open";

    public string Name => "full";

    public async Task<ScenarioResult> RunAsync(
        BenchOptions options,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        await using var stage = await Stage.StartAsync(options, cancellationToken);
        var landscape = new Landscape(100, Keys, stage.Upstream.Address);
        var requests = RequestsFile.Keyed(stage.Scratch, landscape, "full");
        var subjects = await stage.StartPeersAsync(
            landscape.Keys,
            cancellationToken,
            "haproxy",
            "nginx"
        );
        var gateway = await stage.StartGatewayAsync(landscape, cancellationToken);
        var contenders = subjects
            .Append(gateway)
            .Select(s => new Contender(s.Name, s, s.Http, requests))
            .Append(new(OpenName, gateway, gateway.Http, RequestsFile.Open(stage.Scratch)))
            .ToList();
        foreach (var subject in subjects.Append(gateway))
        {
            await Refusal.CheckAsync(subject, landscape, cancellationToken);
        }

        var result = new ScenarioResult(Name, options.Rounds);
        var counts = await stage.Compare(progress).RunAsync(contenders, result, cancellationToken);
        progress.Say("counting records");
        var count = new RecordCount(new H2Load(stage.Scratch), landscape);
        foreach (var group in contenders.GroupBy(c => c.Subject))
        {
            await count.CheckAsync(
                group.First(),
                [.. group.Select(c => counts[c.Name])],
                result,
                cancellationToken
            );
        }

        result.AddAimsAgainstNginx();
        result.Aims.Add(
            new(
                "key, subscription and limit together, apisvc/its open API",
                result.Ratios[$"apisvc/{OpenName}"],
                1.15
            )
        );
        return result;
    }
}
