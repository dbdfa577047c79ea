using Google.Protobuf;

namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>An event to be published when, and only when, the transaction that it tells of is committed.</summary>
public sealed record OutboxEvent
{
    /// <summary>The Kafka topic: <c>apisvc.catalog</c>.</summary>
    public required string Topic { get; init; }

    /// <summary>
    /// Events of a topic with the same key arrive in commit order; the public id of what changed. Events without
    /// a key arrive in commit order among themselves.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>The CloudEvents type: the full name of the message.</summary>
    public required string Type { get; init; }

    /// <summary>The media type of the payload.</summary>
    public string ContentType { get; init; } = "application/protobuf";

    /// <summary>The encoded event.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The event that a message is.</summary>
    public static OutboxEvent Of(string topic, string? key, IMessage message) =>
        new()
        {
            Topic = topic,
            Key = key,
            Type = message.Descriptor.FullName,
            Payload = message.ToByteArray(),
        };
}
