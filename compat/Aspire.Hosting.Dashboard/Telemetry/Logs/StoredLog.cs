namespace Aspire.Hosting.Dashboard.Telemetry.Logs;

/// <summary>A log record that came over OTLP.</summary>
internal sealed record StoredLog(
    TelemetrySource Source,
    DateTimeOffset At,
    LogLevelWord Level,
    string Category,
    string Text,
    string? TraceId,
    string? SpanId,
    IReadOnlyList<TelemetryAttribute> Attributes
);

/// <summary>How grave it is.</summary>
internal enum LogLevelWord
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}
