using Confluent.Kafka;

namespace ApiSvc.BrokerTests.Clients;

/// <summary>Confluent.Kafka's clients as the tests need them.</summary>
internal static class Rdkafka
{
    public static IProducer<string, string> Producer(
        string broker,
        bool idempotent = false,
        CompressionType compression = CompressionType.None
    ) => new ProducerBuilder<string, string>(
            new ProducerConfig
            {
                BootstrapServers = broker,
                Acks = Acks.All,
                EnableIdempotence = idempotent,
                CompressionType = compression,
                LingerMs = 2,
                MessageTimeoutMs = 30_000,
                ReconnectBackoffMaxMs = 200,
            }
        ).SetLogHandler((_, _) => { }).Build();

    public static IConsumer<string, string> Consumer(string broker, string group) =>
        new ConsumerBuilder<string, string>(
            new ConsumerConfig
            {
                BootstrapServers = broker,
                GroupId = group,
                AutoOffsetReset = AutoOffsetReset.Earliest,
                EnableAutoCommit = false,
                SessionTimeoutMs = 2000,
                HeartbeatIntervalMs = 200,
                FetchWaitMaxMs = 50,
                ReconnectBackoffMaxMs = 200,
                TopicMetadataRefreshIntervalMs = 1000,
            }
        ).SetLogHandler((_, _) => { }).Build();

    public static IAdminClient Admin(string broker) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker })
            .SetLogHandler((_, _) => { })
            .Build();

    public static void Produce(
        string broker,
        string topic,
        IEnumerable<string> values,
        string? key = null
    )
    {
        using var producer = Producer(broker);
        var failed = new List<string>();
        foreach (var value in values)
        {
            producer.Produce(
                topic,
                new() { Key = key ?? value, Value = value },
                report =>
                {
                    if (report.Error.IsError)
                    {
                        failed.Add(report.Error.Reason);
                    }
                }
            );
        }

        producer.Flush(TimeSpan.FromSeconds(20));
        failed.ShouldBeEmpty();
    }

    /// <summary>Consumes until there are so many, or 20 seconds are over.</summary>
    public static List<ConsumeResult<string, string>> Take(
        this IConsumer<string, string> consumer,
        int count
    )
    {
        var taken = new List<ConsumeResult<string, string>>();
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (taken.Count < count && DateTime.UtcNow < deadline)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(200)) is { } result)
            {
                taken.Add(result);
            }
        }

        return taken;
    }
}
