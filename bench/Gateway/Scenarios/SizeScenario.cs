using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Reports;
using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>Bodies of 1 KiB, 100 KiB and 10 MiB, in answers and in requests.</summary>
internal sealed class SizeScenario : IScenario
{
    private static readonly BodySize[] Sizes =
    [
        new("1 KiB down", "items/7", 0, Upstream.AnswerBytes, null),
        new("100 KiB down", "100k", 0, 100 << 10, null),
        new("10 MiB down", "10m", 0, 10 << 20, 8),
        new("1 KiB up", "upload", 1 << 10, Upstream.AnswerBytes, null),
        new("100 KiB up", "upload", 100 << 10, Upstream.AnswerBytes, null),
        new("10 MiB up", "upload", 10 << 20, Upstream.AnswerBytes, 8),
    ];

    public string Name => "size";

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
        var result = new ScenarioResult(Name, options.Rounds);
        foreach (var size in Sizes)
        {
            var requests = RequestsFile.Open(stage.Scratch, size.Path, size.BodyBytes);
            var contenders = peers
                .Append(gateway)
                .Select(s => new Contender(s.Name, s, s.Http, requests)
                {
                    AnswerBytes = size.AnswerBytes,
                    Connections = size.Connections,
                })
                .ToList();
            await new Warming(options, progress, stage.Wrk).RunAsync(
                contenders,
                cancellationToken,
                options.WarmUp / 3
            );
            var turns = await new Rounds(options, progress).RunAsync(
                size.Name,
                contenders,
                c => stage.Wrk.SaturateAsync(c, options.Turn, cancellationToken),
                cancellationToken
            );
            Put(size, contenders, result, turns);
        }

        return result;
    }

    private static void Put(
        BodySize size,
        IReadOnlyList<Contender> contenders,
        ScenarioResult result,
        RoundsResult turns
    )
    {
        var moved = Math.Max(size.BodyBytes, size.AnswerBytes) / 1e6;
        foreach (var name in contenders.Select(c => c.Name))
        {
            var row = $"{size.Name}, {name}";
            result.Put(row, "cpu_us", turns.Median(name, t => t.CpuUs));
            result.Put(row, "rps", turns.Median(name, t => t.Load.PerSecond));
            result.Put(row, "mb_a_second", turns.Median(name, t => t.Load.PerSecond * moved));
            result.Put(row, "p50_us", turns.Median(name, t => t.Load.P50));
            result.Put(row, "p99_us", turns.Median(name, t => t.Load.P99));
            if (name != "apisvc")
            {
                result.PutRatio(
                    $"{size.Name} apisvc/{name}",
                    turns.Ratios("apisvc", name, t => t.CpuUs)
                );
            }
        }
    }

    /// <param name="Name">What it is called.</param>
    /// <param name="Path">Where, below the open API.</param>
    /// <param name="BodyBytes">Of the request; 0: a GET.</param>
    /// <param name="AnswerBytes">Of the answer.</param>
    /// <param name="Connections">How many at a time; null: as many as the run was asked for.</param>
    private sealed record BodySize(
        string Name,
        string Path,
        int BodyBytes,
        int AnswerBytes,
        int? Connections
    );
}
