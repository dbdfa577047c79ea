using System.Diagnostics;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Collects when asked, once for all who ask at the same time.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter(PrometheusAspNetCoreOptions options)
    : BaseExporter<Metric>,
        IPullMetricExporter
{
    private readonly Lock _gate = new();
    private Task<Snapshot?>? _collection;
    private long _collectedAt;
    private Snapshot? _collected;

    /// <summary>Set by the reader: asks it to collect and export, within so many milliseconds.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics now, or of a collection under way or just done; null if collecting failed.</summary>
    public Task<Snapshot?> CollectAsync()
    {
        lock (_gate)
        {
            if (_collection is null || (_collection.IsCompleted && IsStale(_collection)))
            {
                _collection = Task.Run(CollectNow);
            }

            return _collection;
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var builder = new SnapshotBuilder(!options.DisableTotalNameSuffixForCounters);
        foreach (var metric in batch)
        {
            builder.Add(metric);
        }

        _collected = builder.Build(ParentProvider.GetResource());
        return ExportResult.Success;
    }

    private Snapshot? CollectNow()
    {
        _collected = null;

        // With no metric at all the reader does not call Export.
        var done = Collect?.Invoke(Timeout.Infinite) ?? false;
        _collectedAt = Stopwatch.GetTimestamp();
        return done
            ? _collected ?? new SnapshotBuilder(withTotal: true).Build(ParentProvider.GetResource())
            : null;
    }

    private bool IsStale(Task<Snapshot?> done) =>
        !done.IsCompletedSuccessfully
        || done.Result is null
        || Stopwatch.GetElapsedTime(_collectedAt).TotalMilliseconds
            >= options.ScrapeResponseCacheDurationMilliseconds;
}
