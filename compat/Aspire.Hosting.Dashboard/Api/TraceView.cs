using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Telemetry.Logs;
using Aspire.Hosting.Dashboard.Telemetry.Traces;

namespace Aspire.Hosting.Dashboard.Api;

/// <summary>A trace as its page shows it. Times are milliseconds from the trace's start.</summary>
internal sealed record TraceView(
    TraceSummary Summary,
    IReadOnlyList<SpanView> Spans,
    IReadOnlyList<LogView> Logs
)
{
    public static TraceView? Of(IReadOnlyList<TraceSpan> spans, IReadOnlyList<StoredLog> logs)
    {
        if (spans.Count == 0)
        {
            return null;
        }

        var summary = TraceSummary.Of(spans);
        double Offset(DateTimeOffset at) => (at - summary.Start).TotalMilliseconds;
        return new TraceView(
            summary,
            [
                .. TraceTree
                    .Rows(spans)
                    .Select(row => new SpanView(
                        row.Span.SpanId,
                        row.Depth,
                        row.IsPartial,
                        row.Span.Name,
                        row.Span.Source.Service,
                        row.Span.Source.Instance,
                        row.Span.Kind,
                        row.Span.Scope,
                        Offset(row.Span.Start),
                        (row.Span.End - row.Span.Start).TotalMilliseconds,
                        row.Span.IsError,
                        row.Span.StatusMessage,
                        row.Span.Attributes,
                        [
                            .. row.Span.Events.Select(e => new EventView(
                                Offset(e.At),
                                e.Name,
                                e.Attributes
                            )),
                        ],
                        row.Span.Links
                    )),
            ],
            [
                .. logs.Select(log => new LogView(
                    Offset(log.At),
                    log.SpanId,
                    log.Source.Service,
                    log.Level,
                    log.Category,
                    log.Text
                )),
            ]
        );
    }
}

internal sealed record SpanView(
    string Id,
    int Depth,
    bool IsPartial,
    string Name,
    string Service,
    string Instance,
    string Kind,
    string Scope,
    double Start,
    double Duration,
    bool IsError,
    string StatusMessage,
    IReadOnlyList<TelemetryAttribute> Attributes,
    IReadOnlyList<EventView> Events,
    IReadOnlyList<string> Links
);

internal sealed record EventView(
    double At,
    string Name,
    IReadOnlyList<TelemetryAttribute> Attributes
);

internal sealed record LogView(
    double At,
    string? SpanId,
    string Service,
    LogLevelWord Level,
    string Category,
    string Text
);
