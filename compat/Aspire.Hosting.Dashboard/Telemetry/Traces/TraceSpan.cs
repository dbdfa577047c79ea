namespace Aspire.Hosting.Dashboard.Telemetry.Traces;

/// <summary>A span as it came. Ids are hexadecimal.</summary>
internal sealed record TraceSpan(
    string TraceId,
    string SpanId,
    string? ParentId,
    string Name,
    TelemetrySource Source,
    DateTimeOffset Start,
    DateTimeOffset End
)
{
    public string Kind { get; init; } = "internal";

    public bool IsError { get; init; }

    public string StatusMessage { get; init; } = "";

    public string Scope { get; init; } = "";

    public IReadOnlyList<TelemetryAttribute> Attributes { get; init; } = [];

    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    /// <summary>Ids of the traces it names as related.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];
}

/// <summary>What happened at a moment of a span.</summary>
internal sealed record SpanEvent(
    DateTimeOffset At,
    string Name,
    IReadOnlyList<TelemetryAttribute> Attributes
);
