using ApiSvc.Analytics.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace ApiSvc.Analytics.Ingest;

/// <summary>Opens the topic of calls as a member of the consumer group.</summary>
internal sealed class CallTopic(KafkaConsumers consumers, IOptions<IngestOptions> options)
{
    public IConsumer<Ignore, byte[]> Open(
        Func<
            IConsumer<Ignore, byte[]>,
            List<TopicPartition>,
            IEnumerable<TopicPartitionOffset>
        > assigned,
        Action<IConsumer<Ignore, byte[]>, List<TopicPartitionOffset>> revoked
    )
    {
        var timeout = (int)options.Value.SessionTimeout.TotalMilliseconds;
        return consumers
            .Builder<Ignore, byte[]>(
                options.Value.Group,
                config =>
                {
                    config.SessionTimeoutMs = timeout;
                    config.HeartbeatIntervalMs = Math.Max(100, timeout / 5);
                    // Messages are some 256 KiB: as much ahead as a few batches need, not the client's gigabyte.
                    config.QueuedMaxMessagesKbytes = 64 * 1024;
                    config.FetchWaitMaxMs = 50;
                }
            )
            .SetPartitionsAssignedHandler(assigned)
            .SetPartitionsRevokedHandler((consumer, partitions) => revoked(consumer, partitions))
            .SetPartitionsLostHandler((consumer, partitions) => revoked(consumer, partitions))
            .Build();
    }
}
