using Confluent.Kafka;

namespace ApiSvc.ServiceDefaults.Tests.Outbox;

/// <summary>The mock cluster that librdkafka has: one broker on loopback, as long as this lives.</summary>
internal sealed class MockKafka : IDisposable
{
    private readonly IProducer<Null, Null> _owner;

    public MockKafka()
    {
        var config = new ProducerConfig { BootstrapServers = "127.0.0.1:1" };
        config.Set("test.mock.num.brokers", "1");
        _owner = new ProducerBuilder<Null, Null>(config).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(_owner.Handle).Build();
        var broker = admin.GetMetadata(TimeSpan.FromSeconds(10)).Brokers[0];
        Port = broker.Port;
    }

    public int Port { get; }

    public string BootstrapServers => $"127.0.0.1:{Port}";

    /// <summary>Reads so many records of a topic, from the start.</summary>
    public List<ConsumeResult<byte[]?, byte[]>> Read(string topic, int records)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = BootstrapServers,
                GroupId = "test",
                AutoOffsetReset = AutoOffsetReset.Earliest,
            }
        ).SetLogHandler((_, _) => { }).Build();
        // The mock makes topics with four partitions, and each is read in its order.
        consumer.Assign(
            Enumerable.Range(0, 4).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning))
        );
        var read = new List<ConsumeResult<byte[]?, byte[]>>();
        while (read.Count < records && consumer.Consume(TimeSpan.FromSeconds(10)) is { } record)
        {
            read.Add(record);
        }

        return read;
    }

    public void Dispose() => _owner.Dispose();
}
