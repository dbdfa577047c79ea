namespace Aspire.Hosting.Dashboard.Telemetry.Logs;

/// <summary>The last log records that came over OTLP.</summary>
internal sealed class LogRecordStore(TelemetryLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Queue<StoredLog> _records = new();

    public void Add(StoredLog record)
    {
        lock (_lock)
        {
            _records.Enqueue(record);
            while (_records.Count > limits.Logs)
            {
                _records.Dequeue();
            }
        }
    }

    /// <summary>The records of one trace, by time.</summary>
    public IReadOnlyList<StoredLog> OfTrace(string traceId)
    {
        lock (_lock)
        {
            return [.. _records.Where(r => r.TraceId == traceId).OrderBy(r => r.At)];
        }
    }
}
