using System.Diagnostics;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Collects when asked, once for all who ask at the same time.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(PrometheusAspNetCoreOptions options)
    : BaseExporter<Metric>,
        IPullMetricExporter
{
    private readonly Lock gate = new();
    private Task<Snapshot?>? collection;
    private long collectedAt;
    private Snapshot? collected;

    /// <summary>Set by the reader: asks it to collect and export, within so many milliseconds.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics now, or of a collection under way or just done; null if collecting failed.</summary>
    public Task<Snapshot?> CollectAsync()
    {
        lock (gate)
        {
            if (collection is null || (collection.IsCompleted && IsStale(collection)))
            {
                collection = Task.Run(CollectNow);
            }

            return collection;
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var builder = new SnapshotBuilder(!options.DisableTotalNameSuffixForCounters);
        foreach (var metric in batch)
        {
            builder.Add(metric);
        }

        collected = builder.Build(ParentProvider.GetResource());
        return ExportResult.Success;
    }

    private Snapshot? CollectNow()
    {
        collected = null;

        // With no metric at all the reader does not call Export.
        var done = Collect?.Invoke(Timeout.Infinite) ?? false;
        collectedAt = Stopwatch.GetTimestamp();
        return done
            ? collected ?? new SnapshotBuilder(withTotal: true).Build(ParentProvider.GetResource())
            : null;
    }

    private bool IsStale(Task<Snapshot?> done) =>
        !done.IsCompletedSuccessfully
        || done.Result is null
        || Stopwatch.GetElapsedTime(collectedAt).TotalMilliseconds
            >= options.ScrapeResponseCacheDurationMilliseconds;
}
