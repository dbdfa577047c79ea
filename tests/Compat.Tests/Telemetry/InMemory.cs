using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ApiSvc.Compat.Tests;

/// <summary>Keeps what is traced and measured, for a test to look at.</summary>
internal static class InMemoryExtensions
{
    public static TracerProviderBuilder AddInMemory(
        this TracerProviderBuilder builder,
        List<Activity> spans
    ) => builder.AddProcessor(_ => new ListProcessor(spans));

    private sealed class ListProcessor(List<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            lock (spans)
            {
                spans.Add(data);
            }
        }
    }
}

internal sealed class ListExporter(List<Metric> metrics) : BaseExporter<Metric>
{
    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            metrics.Add(metric);
        }

        return ExportResult.Success;
    }
}
