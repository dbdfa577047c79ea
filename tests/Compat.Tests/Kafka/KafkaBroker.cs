using Confluent.Kafka;

namespace ApiSvc.Compat.Tests.Kafka;

/// <summary>The broker in memory that librdkafka has for its own tests: it lives in a client, others reach it by TCP.</summary>
public sealed class KafkaBroker : IDisposable
{
    private readonly IAdminClient _owner = new AdminClientBuilder([
        new("bootstrap.servers", "none"),
        new("test.mock.num.brokers", "1"),
    ]).Build();

    public KafkaBroker()
    {
        var broker = _owner.GetMetadata(TimeSpan.FromSeconds(20)).Brokers.ShouldHaveSingleItem();
        Address = $"{broker.Host}:{broker.Port}";
    }

    public string Address { get; }

    public void Dispose() => _owner.Dispose();
}
