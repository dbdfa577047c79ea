using System.Globalization;
using System.Text;
using ApiSvc.ServiceDefaults.Telemetry;
using Confluent.Kafka;

namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>Publishes to Kafka with CloudEvents attributes in headers (Kafka protocol binding 1.0.2 section 3.2).</summary>
internal sealed class KafkaEventPublisher(IProducer<byte[]?, byte[]> producer) : IEventPublisher
{
    /// <summary>What the relay's promises need of the producer.</summary>
    public static void Configure(ProducerConfig config)
    {
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        config.CompressionType = CompressionType.Lz4;
        // The relay waits for each wave, and its own retries never end: the producer's must, so that it can tell.
        config.LingerMs = 0;
        config.MessageTimeoutMs = 10_000;
        config.SocketNagleDisable = true;
    }

    public async Task<IReadOnlyList<PublishOutcome>> PublishAsync(
        IReadOnlyList<OutboxMessage> batch,
        CancellationToken cancellationToken
    )
    {
        // All are in the producer's queue, in order, before the first is awaited.
        var sent = batch.Select(m => SendAsync(m, cancellationToken)).ToList();
        return await Task.WhenAll(sent);
    }

    private async Task<PublishOutcome> SendAsync(OutboxMessage message, CancellationToken token)
    {
        try
        {
            await producer.ProduceAsync(message.Topic, ToKafka(message), token);
            return PublishOutcome.Acknowledged;
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            var status = IsForEver(e.Error.Code)
                ? PublishStatus.Rejected
                : PublishStatus.Unavailable;
            return new(status, $"{e.Error.Code}: {e.Error.Reason}");
        }
    }

    internal static Message<byte[]?, byte[]> ToKafka(OutboxMessage message)
    {
        var headers = new Headers();
        Add("ce_specversion", "1.0");
        Add("ce_id", message.Id.ToString("D"));
        Add("ce_type", message.Type);
        Add("ce_source", message.Source);
        Add(
            "ce_time",
            message.Time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
        );
        Add("content-type", message.ContentType);
        Add(KafkaTraceContext.TraceParent, message.TraceParent);
        Add(KafkaTraceContext.TraceState, message.TraceState);
        return new()
        {
            Key = message.Key is null ? null : Encoding.UTF8.GetBytes(message.Key),
            Value = message.Payload,
            Timestamp = new Timestamp(message.Time),
            Headers = headers,
        };

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add(name, Encoding.UTF8.GetBytes(value));
            }
        }
    }

    // What depends on the event alone. A missing topic or right can be put in order, so that is waited for.
    private static bool IsForEver(ErrorCode code) =>
        code
            is ErrorCode.MsgSizeTooLarge
                or ErrorCode.InvalidMsgSize
                or ErrorCode.RecordListTooLarge
                or ErrorCode.InvalidRecord
                or ErrorCode.TopicException;
}
