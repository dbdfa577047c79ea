using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Telemetry.Traces;
using Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>Reads spans.</summary>
internal static class OtlpSpans
{
    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;
    private const int MaxEvents = 128;

    /// <returns><c>null</c> when the ids are none.</returns>
    public static TraceSpan? Read(Span span, TelemetrySource source, string? scope)
    {
        if (
            OtlpValues.Id(span.TraceId, TraceIdLength) is not { } traceId
            || OtlpValues.Id(span.SpanId, SpanIdLength) is not { } spanId
        )
        {
            return null;
        }

        var start = OtlpValues.Time(span.StartTimeUnixNano);
        return new TraceSpan(
            traceId,
            spanId,
            OtlpValues.Id(span.ParentSpanId, SpanIdLength),
            OtlpValues.Short(span.Name),
            source,
            start,
            Later(start, OtlpValues.Time(span.EndTimeUnixNano))
        )
        {
            Kind = KindOf(span.Kind),
            IsError = span.Status?.Code == Status.Types.StatusCode.Error,
            StatusMessage = OtlpValues.Short(span.Status?.Message ?? ""),
            Scope = OtlpValues.Short(scope ?? ""),
            Attributes = OtlpValues.Attributes(span.Attributes),
            Events =
            [
                .. span
                    .Events.Take(MaxEvents)
                    .Select(e => new SpanEvent(
                        OtlpValues.Time(e.TimeUnixNano),
                        OtlpValues.Short(e.Name),
                        OtlpValues.Attributes(e.Attributes)
                    )),
            ],
            Links =
            [
                .. span
                    .Links.Take(MaxEvents)
                    .Select(l => OtlpValues.Id(l.TraceId, TraceIdLength))
                    .OfType<string>(),
            ],
        };
    }

    /// <summary>The trace and span of a log record, where it has them.</summary>
    public static (string? TraceId, string? SpanId) Ids(LogRecord record) =>
        (OtlpValues.Id(record.TraceId, TraceIdLength), OtlpValues.Id(record.SpanId, SpanIdLength));

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) =>
        other > one ? other : one;

    private static string KindOf(Span.Types.SpanKind kind) =>
        kind switch
        {
            Span.Types.SpanKind.Server => "server",
            Span.Types.SpanKind.Client => "client",
            Span.Types.SpanKind.Producer => "producer",
            Span.Types.SpanKind.Consumer => "consumer",
            _ => "internal",
        };
}
