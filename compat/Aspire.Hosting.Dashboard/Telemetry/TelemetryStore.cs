using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Telemetry.Logs;
using Aspire.Hosting.Dashboard.Telemetry.Metrics;
using Aspire.Hosting.Dashboard.Telemetry.Traces;
using Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>The telemetry that was received, in memory and bounded.</summary>
internal sealed class TelemetryStore(TelemetryLimits? limits = null)
{
    private long _version;

    public TraceStore Traces { get; } = new(limits ?? new());

    public MetricStore Metrics { get; } = new(limits ?? new());

    public LogRecordStore Logs { get; } = new(limits ?? new());

    /// <summary>Grows with everything that comes: pages that show an older one have something to fetch.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Takes spans.</summary>
    /// <returns>How many were not in order.</returns>
    public int Add(ExportTraceServiceRequest request)
    {
        var rejected = 0;
        foreach (var resource in request.ResourceSpans)
        {
            var source = OtlpValues.Source(resource.Resource);
            foreach (var scope in resource.ScopeSpans)
            {
                var spans = scope.Spans.Select(s => OtlpSpans.Read(s, source, scope.Scope?.Name));
                foreach (var span in spans)
                {
                    if (span is null)
                    {
                        rejected++;
                    }
                    else
                    {
                        Traces.Add(span);
                    }
                }
            }
        }

        Interlocked.Increment(ref _version);
        return rejected;
    }

    /// <summary>Takes measurements.</summary>
    /// <returns>How many are of a kind that is not understood.</returns>
    public int Add(ExportMetricsServiceRequest request)
    {
        var rejected = 0;
        foreach (var resource in request.ResourceMetrics)
        {
            var source = OtlpValues.Source(resource.Resource);
            foreach (var metric in resource.ScopeMetrics.SelectMany(scope => scope.Metrics))
            {
                rejected += OtlpMetrics.Read(metric, source, Metrics) ? 0 : 1;
            }
        }

        Interlocked.Increment(ref _version);
        return rejected;
    }

    /// <summary>Takes log records.</summary>
    public void Add(ExportLogsServiceRequest request)
    {
        foreach (var resource in request.ResourceLogs)
        {
            var source = OtlpValues.Source(resource.Resource);
            foreach (var scope in resource.ScopeLogs)
            {
                foreach (var record in scope.LogRecords)
                {
                    Logs.Add(OtlpLogs.Read(record, source, scope.Scope?.Name));
                }
            }
        }

        Interlocked.Increment(ref _version);
    }
}
