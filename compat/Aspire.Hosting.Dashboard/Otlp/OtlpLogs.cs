using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Telemetry.Logs;
using Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>Reads log records.</summary>
internal static class OtlpLogs
{
    public static StoredLog Read(LogRecord record, TelemetrySource source, string? scope)
    {
        var (traceId, spanId) = OtlpSpans.Ids(record);
        return new StoredLog(
            source,
            OtlpValues.Time(
                record.TimeUnixNano != 0 ? record.TimeUnixNano : record.ObservedTimeUnixNano
            ),
            LevelOf(record.SeverityNumber),
            OtlpValues.Short(scope ?? ""),
            OtlpValues.Text(record.Body),
            traceId,
            spanId,
            OtlpValues.Attributes(record.Attributes)
        );
    }

    // OpenTelemetry's logs data model, "Severity Fields".
    private static LogLevelWord LevelOf(int severity) =>
        severity switch
        {
            <= 0 => LogLevelWord.Information,
            < 5 => LogLevelWord.Trace,
            < 9 => LogLevelWord.Debug,
            < 13 => LogLevelWord.Information,
            < 17 => LogLevelWord.Warning,
            < 21 => LogLevelWord.Error,
            _ => LogLevelWord.Critical,
        };
}
