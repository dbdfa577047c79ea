namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>A committed event on its way out.</summary>
public sealed record OutboxMessage
{
    /// <summary>Its place in the service's commit order, from 1, without gaps.</summary>
    public required long Position { get; init; }

    /// <summary>The same in every repeat: consumers know a repeat by it.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc cref="OutboxEvent.Topic" />
    public required string Topic { get; init; }

    /// <inheritdoc cref="OutboxEvent.Key" />
    public string? Key { get; init; }

    /// <inheritdoc cref="OutboxEvent.Type" />
    public required string Type { get; init; }

    /// <summary>The service, as a URI reference: <c>/apisvc/catalog</c>.</summary>
    public required string Source { get; init; }

    /// <summary>When its transaction was committed, UTC.</summary>
    public required DateTime Time { get; init; }

    /// <inheritdoc cref="OutboxEvent.ContentType" />
    public required string ContentType { get; init; }

    /// <summary>The encoded event.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>The trace that caused it (W3C Trace Context), if any.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The vendors' part of that trace context, if any.</summary>
    public string? TraceState { get; init; }
}
