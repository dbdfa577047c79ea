using ApiSvc.Compat.Tests.Servers;
using ApiSvc.Testing;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ApiSvc.Compat.Tests.Kafka;

/// <summary>This project has Confluent.Kafka only through Aspire.Confluent.Kafka, which is a test of the swap too.</summary>
public sealed class KafkaTests(KafkaBroker broker) : IClassFixture<KafkaBroker>
{
    [Fact]
    public void Library_OfTheSystem_IsLoaded() => Library.VersionString.ShouldStartWith("2.");

    [Fact]
    public async Task ProduceAndConsume_MessageWithHeader_Arrives()
    {
        var topic = $"t-{Guid.NewGuid():n}";
        var builder = TestHost.Create(
            ("ConnectionStrings:kafka", broker.Address),
            ("Aspire:Confluent:Kafka:Producer:Config:Acks", "All"),
            ("Aspire:Confluent:Kafka:Consumer:Config:GroupId", "section"),
            ("Aspire:Confluent:Kafka:Consumer:kafka:Config:AutoOffsetReset", "Earliest")
        );
        builder.AddKafkaProducer<string, byte[]>("kafka");
        builder.AddKafkaConsumer<string, byte[]>(
            "kafka",
            settings =>
            {
                settings.Config.GroupId.ShouldBe("section");
                settings.Config.GroupId = "tests";
            }
        );
        using var host = builder.Build();
        var producer = host.Services.GetRequiredService<IProducer<string, byte[]>>();
        var consumer = host.Services.GetRequiredService<IConsumer<string, byte[]>>();

        var message = new Message<string, byte[]>
        {
            Key = "k",
            Value = [1, 2, 3],
            Headers = new Headers { { "ce_id", [9] } },
        };
        (await producer.ProduceAsync(topic, message)).Status.ShouldBe(PersistenceStatus.Persisted);
        consumer.Subscribe(topic);
        var received = consumer.Consume(TimeSpan.FromSeconds(30));

        received.Message.Key.ShouldBe("k");
        received.Message.Value.ShouldBe([1, 2, 3]);
        received.Message.Headers.ShouldHaveSingleItem().GetValueBytes().ShouldBe([9]);
        consumer.Close();
    }

    [Fact]
    public async Task HealthChecks_BrokerThere_AreHealthy()
    {
        using var host = Both(broker.Address);

        var report = await host
            .Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync();

        report.Entries.Keys.ShouldBe(
            ["Aspire.Confluent.Kafka.Producer", "Aspire.Confluent.Kafka.Consumer"],
            ignoreOrder: true
        );
        report.Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task HealthChecks_BrokerAway_AreUnhealthyWithinSeconds()
    {
        using var host = Both($"127.0.0.1:{FreePort.Find()}");

        var report = await host
            .Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync();

        report.Entries.Values.ShouldAllBe(entry =>
            entry.Status == HealthStatus.Unhealthy && entry.Exception is KafkaException
        );
        report.TotalDuration.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Resolve_NoConnectionString_NamesTheKeys()
    {
        var builder = TestHost.Create();
        builder.AddKafkaProducer<string, string>("kafka");
        using var host = builder.Build();

        var thrown = Should.Throw<InvalidOperationException>(() =>
            host.Services.GetRequiredService<IProducer<string, string>>()
        );

        thrown.Message.ShouldContain("ConnectionStrings:kafka");
        thrown.Message.ShouldContain("Aspire:Confluent:Kafka:Producer:ConnectionString");
    }

    [Fact]
    public async Task ConfigureBuilder_Serializer_IsUsed()
    {
        var topic = $"t-{Guid.NewGuid():n}";
        var builder = TestHost.Create(("ConnectionStrings:kafka", broker.Address));
        builder.Services.AddSingleton(new Upper());
        builder.AddKafkaProducer<Null, string>(
            "kafka",
            configureSettings: null,
            (IServiceProvider services, ProducerBuilder<Null, string> producer) =>
                producer.SetValueSerializer(services.GetRequiredService<Upper>())
        );
        builder.AddKafkaConsumer<Ignore, string>(
            "kafka",
            settings =>
            {
                settings.Config.GroupId = topic;
                settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest;
            }
        );
        using var host = builder.Build();

        await host
            .Services.GetRequiredService<IProducer<Null, string>>()
            .ProduceAsync(topic, new() { Value = "loud" });
        var consumer = host.Services.GetRequiredService<IConsumer<Ignore, string>>();
        consumer.Subscribe(topic);

        consumer.Consume(TimeSpan.FromSeconds(30)).Message.Value.ShouldBe("LOUD");
        consumer.Close();
    }

    [Fact]
    public async Task AddKeyed_Named_HasItsOwnCheckAndClient()
    {
        var builder = TestHost.Create(("ConnectionStrings:audit", broker.Address));
        builder.AddKeyedKafkaProducer<string, string>("audit", configureSettings: null);
        using var host = builder.Build();

        var (name, entry) = await TestHost.CheckAsync(host);

        name.ShouldBe("Aspire.Confluent.Kafka.Producer_audit");
        entry.Status.ShouldBe(HealthStatus.Healthy);
        host.Services.GetService<IProducer<string, string>>().ShouldBeNull();
        host.Services.GetRequiredKeyedService<IProducer<string, string>>("audit")
            .Name.ShouldNotBeEmpty();
    }

    private static IHost Both(string address)
    {
        var builder = TestHost.Create(("ConnectionStrings:kafka", address));
        builder.AddKafkaProducer<string, string>("kafka");
        builder.AddKafkaConsumer<string, string>(
            "kafka",
            settings => settings.Config.GroupId = "g"
        );
        return builder.Build();
    }

    private sealed class Upper : ISerializer<string>
    {
        public byte[] Serialize(string data, SerializationContext context) =>
            System.Text.Encoding.UTF8.GetBytes(data.ToUpperInvariant());
    }
}
