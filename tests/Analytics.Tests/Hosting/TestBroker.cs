using System.Text;
using ApiSvc.Contracts.CallRecords.V1;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Google.Protobuf;
using KafkaBroker;

namespace ApiSvc.Analytics.Tests.Hosting;

/// <summary>A broker in this process with the topics that are read, and a producer to it.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    public const string Topic = "apisvc.calls";

    private readonly KafkaBrokerHost _host;
    private readonly string _folder;
    private readonly IProducer<byte[]?, byte[]> _producer;

    private TestBroker(KafkaBrokerHost host, string folder)
    {
        _host = host;
        _folder = folder;
        _producer = new ProducerBuilder<byte[]?, byte[]>(
            new ProducerConfig { BootstrapServers = host.BootstrapServers, LingerMs = 1 }
        ).Build();
    }

    public string Address => _host.BootstrapServers;

    /// <param name="partitions">Of the topic of calls.</param>
    /// <param name="withEvents">Whether the topics of events are there before their first event.</param>
    public static async Task<TestBroker> StartAsync(int partitions = 1, bool withEvents = true)
    {
        var folder = Directory.CreateTempSubdirectory("analytics-broker-").FullName;
        var host = await KafkaBrokerHost.StartAsync(
            new()
            {
                DataFolder = folder,
                Partitions = partitions,
                MinSessionTimeout = TimeSpan.FromSeconds(1),
            }
        );
        var broker = new TestBroker(host, folder);
        using var admin = new AdminClientBuilder(
            new AdminClientConfig { BootstrapServers = broker.Address }
        ).Build();
        string[] events = withEvents ? ["apisvc.catalog", "apisvc.identity", "apisvc.audit"] : [];
        await admin.CreateTopicsAsync([
            new TopicSpecification { Name = Topic, NumPartitions = partitions },
            .. events.Select(e => new TopicSpecification { Name = e, NumPartitions = 1 }),
        ]);
        return broker;
    }

    public Task SendAsync(CallRecordBatch batch, int partition = 0) =>
        SendAsync(batch.ToByteArray(), partition);

    public Task SendAsync(byte[] message, int partition = 0) =>
        _producer.ProduceAsync(
            new TopicPartition(Topic, partition),
            new Message<byte[]?, byte[]> { Value = message }
        );

    /// <summary>Publishes an event, as the outbox of a service does.</summary>
    public Task PublishAsync(string topic, IMessage message) =>
        _producer.ProduceAsync(
            topic,
            new Message<byte[]?, byte[]>
            {
                Value = message.ToByteArray(),
                Headers = new Headers
                {
                    { "ce_type", Encoding.UTF8.GetBytes(message.Descriptor.FullName) },
                },
            }
        );

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
