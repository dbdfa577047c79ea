using System.Diagnostics.Tracing;
using System.Globalization;
using ApiSvc.Bench.Gateway.Subjects;
using Microsoft.Diagnostics.NETCore.Client;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>What lives on a gateway's managed heap.</summary>
internal sealed class ManagedHeap(GatewaySubject gateway)
{
    // A session with this keyword collects the whole heap when it begins (runtime provider, GCHeapCollect).
    private const long Collect = 0x800000;
    private const string Heap = "dotnet_gc_last_collection_heap_size_bytes{";
    private const string Holes = "dotnet_gc_last_collection_heap_fragmentation_size_bytes{";
    private const string Collections = "dotnet_gc_collections_total{";

    /// <returns>Bytes on the heap after a full collection.</returns>
    public async Task<double> SettleAsync(CancellationToken cancellationToken)
    {
        var before = Sum(await MetricsAsync(cancellationToken), Collections, "gen2");
        IReadOnlyList<string> after = [];
        var client = new DiagnosticsClient(gateway.Process.Id);
        using (
            var session = client.StartEventPipeSession(
                [
                    new EventPipeProvider(
                        "Microsoft-Windows-DotNETRuntime",
                        EventLevel.Informational,
                        Collect
                    ),
                ],
                requestRundown: false
            )
        )
        {
            var drained = session.EventStream.CopyToAsync(Stream.Null, cancellationToken);
            await gateway.Process.UntilAsync(
                async token =>
                {
                    after = await MetricsAsync(token);
                    return Sum(after, Collections, "gen2") > before;
                },
                "collecting its heap",
                cancellationToken
            );
            await session.StopAsync(cancellationToken);
            await drained;
        }

        return Sum(after, Heap, "") - Sum(after, Holes, "");
    }

    private async Task<IReadOnlyList<string>> MetricsAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(
            new Uri($"{gateway.Management}/metrics"),
            cancellationToken
        );
        return text.Split('\n');
    }

    // Lines are name{labels} value, and perhaps a time.
    private static double Sum(IEnumerable<string> lines, string name, string label)
    {
        var values = lines
            .Where(l => l.StartsWith(name, StringComparison.Ordinal))
            .Where(l => l.Contains(label, StringComparison.Ordinal))
            .Select(l =>
                double.Parse(
                    l[(l.LastIndexOf('}') + 2)..].Split(' ')[0],
                    CultureInfo.InvariantCulture
                )
            )
            .ToList();
        return values.Count > 0
            ? values.Sum()
            : throw new BenchException($"The gateway's metrics have no {name}.");
    }
}
