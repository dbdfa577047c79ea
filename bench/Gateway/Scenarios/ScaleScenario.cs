using System.Globalization;
using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Processes;
using ApiSvc.Bench.Gateway.Reports;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>What a call costs, and how much memory is used, by the number of APIs and of keys.</summary>
internal sealed class ScaleScenario : IScenario
{
    private const double Most = 1.1;

    private static readonly Size[] ByApis =
    [
        new(10, 10_000),
        new(1_000, 10_000),
        new(100_000, 10_000),
    ];
    private static readonly Size[] ByKeys =
    [
        new(1_000, 100),
        new(1_000, 10_000),
        new(1_000, 1_000_000),
    ];

    public string Name => "scale";

    public async Task<ScenarioResult> RunAsync(
        BenchOptions options,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        var result = new ScenarioResult(Name, options.Rounds);
        await MeasureAsync(ByApis, options, progress, result, cancellationToken);
        await MeasureAsync(ByKeys, options, progress, result, cancellationToken);
        return result;
    }

    // Gateways of all sizes run beside each other and take turns.
    private static async Task MeasureAsync(
        IReadOnlyList<Size> sizes,
        BenchOptions options,
        Progress progress,
        ScenarioResult result,
        CancellationToken cancellationToken
    )
    {
        await using var stage = await Stage.StartAsync(options, cancellationToken);
        var contenders = new List<Contender>();
        foreach (var size in sizes)
        {
            progress.Say($"starting with {size.Name}");
            var landscape = new Landscape(size.Apis, size.Keys, stage.Upstream.Address);
            var gateway = await stage.StartGatewayAsync(
                landscape,
                cancellationToken,
                size.NodeName
            );
            result.Put(size.Name, "start_mb", MegabytesOf(gateway.Process.Id));
            contenders.Add(
                new(
                    size.Name,
                    gateway,
                    gateway.Http,
                    RequestsFile.Keyed(stage.Scratch, landscape, size.NodeName)
                )
            );
        }

        await new Warming(options, progress, stage.Wrk).RunAsync(contenders, cancellationToken);
        var turns = await new Rounds(options, progress).RunAsync(
            "scale",
            contenders,
            c => stage.Wrk.SaturateAsync(c, options.Turn, cancellationToken),
            cancellationToken
        );
        foreach (var contender in contenders)
        {
            result.Put(contender.Name, "cpu_us", turns.Median(contender.Name, t => t.CpuUs));
            result.Put(contender.Name, "rps", turns.Median(contender.Name, t => t.Load.PerSecond));
            result.Put(contender.Name, "loaded_mb", MegabytesOf(contender.Subject.Process.Id));
        }

        foreach (var size in sizes.Skip(1))
        {
            var name = $"{size.Name}/{sizes[0].Name}";
            var ratio = result.PutRatio(name, turns.Ratios(size.Name, sizes[0].Name, t => t.CpuUs));
            result.Aims.Add(new($"processor time a call, {name}", ratio, Most));
        }
    }

    private static double MegabytesOf(int process) => ProcessTree.MemoryOf(process) / 1e6;

    private sealed record Size(int Apis, int Keys)
    {
        public string Name =>
            string.Create(CultureInfo.InvariantCulture, $"{Apis:n0} APIs {Keys:n0} keys");

        public string NodeName =>
            string.Create(CultureInfo.InvariantCulture, $"apisvc-{Apis}-{Keys}");
    }
}
