using System.Text;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.Tests.Data;
using ApiSvc.Testing;
using Confluent.Kafka;

namespace ApiSvc.ServiceDefaults.Tests.Outbox;

public sealed class KafkaEventPublisherTests
{
    [Fact]
    public async Task Relay_Kafka_GetsEventsInOrderWithTheirAttributes()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var kafka = new MockKafka();
        using var producer = Producer(kafka.BootstrapServers);
        await using var service = await TestService.StartAsync(
            database.ConnectionString,
            new KafkaEventPublisher(producer)
        );
        for (var i = 1; i <= 20; i++)
        {
            await CommitAsync(database, UnitOfWorkTests.Event($"{i}", $"key{i % 3}"));
        }

        var records = kafka.Read("apisvc.tests", 20);

        records.Count.ShouldBe(20);
        foreach (var key in records.GroupBy(r => Encoding.UTF8.GetString(r.Message.Key!)))
        {
            key.Select(Number).ShouldBeInOrder();
        }

        var row = (
            await database.QueryAsync<(Guid Id, DateTime Time)>(
                "select id, time from service.outbox where position = 1"
            )
        )[0];
        var first = records.Single(r => Number(r) == 1).Message;
        first
            .Headers.ToDictionary(h => h.Key, h => Encoding.UTF8.GetString(h.GetValueBytes()))
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["ce_specversion"] = "1.0",
                    ["ce_id"] = row.Id.ToString("D"),
                    ["ce_type"] = "apisvc.tests.v1.Happened",
                    ["ce_source"] = "/apisvc/tests",
                    ["ce_time"] = $"{row.Time:yyyy-MM-dd'T'HH:mm:ss.ffffff}Z",
                    ["content-type"] = "application/protobuf",
                }
            );
    }

    [Fact]
    public async Task Relay_KafkaComesLater_LosesNothingAndKeepsOrder()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var kafka = new MockKafka();
        using var door = new TcpDoor();
        using var producer = Producer($"127.0.0.1:{door.Port}");
        await using var service = await TestService.StartAsync(
            database.ConnectionString,
            new KafkaEventPublisher(producer)
        );
        await service.ReadyAsync();
        for (var i = 1; i <= 10; i++)
        {
            await CommitAsync(database, UnitOfWorkTests.Event($"{i}", "same"));
        }

        (await PublishedAsync(database)).ShouldBe(0);
        door.Open(kafka.Port);

        await Eventually.HoldsAsync(
            async () => await PublishedAsync(database) == 10,
            "all events are published"
        );
        // Repeats come right after their firsts, if at all.
        kafka.Read("apisvc.tests", 10).Select(Number).Distinct().ShouldBe(Enumerable.Range(1, 10));
    }

    [Fact]
    public async Task Relay_EventTooLargeForKafka_IsKeptAsFailedAndTheRestGoesOn()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var kafka = new MockKafka();
        using var producer = Producer(kafka.BootstrapServers);
        await CommitAsync(database, UnitOfWorkTests.Event("1", "same"));
        await CommitAsync(database, UnitOfWorkTests.Event(new string('x', 2_000_000), "same"));
        await CommitAsync(database, UnitOfWorkTests.Event("3", "same"));
        await using var service = await TestService.StartAsync(
            database.ConnectionString,
            new KafkaEventPublisher(producer)
        );

        await Eventually.HoldsAsync(
            async () => await PublishedAsync(database) == 2,
            "the other events are published"
        );
        kafka.Read("apisvc.tests", 2).Select(Number).ShouldBe([1, 3]);
        (
            await database.ScalarAsync<string>(
                "select failure from service.outbox where position = 2"
            )
        )
            .ShouldNotBeNull()
            .ShouldStartWith("MsgSizeTooLarge");
    }

    [Fact]
    public async Task PublishAsync_NobodyThere_IsUnavailable()
    {
        using var door = new TcpDoor();
        using var producer = Producer($"127.0.0.1:{door.Port}", messageTimeout: 300);

        var outcomes = await new KafkaEventPublisher(producer).PublishAsync(
            [
                new OutboxMessage
                {
                    Position = 1,
                    Id = Guid.CreateVersion7(),
                    Topic = "apisvc.tests",
                    Type = "type",
                    Source = "/apisvc/tests",
                    Time = DateTime.UtcNow,
                    ContentType = "application/protobuf",
                    Payload = [1],
                },
            ],
            CancellationToken.None
        );

        outcomes.Single().Status.ShouldBe(PublishStatus.Unavailable);
    }

    private static int Number(ConsumeResult<byte[]?, byte[]> record) =>
        int.Parse(
            Encoding.UTF8.GetString(record.Message.Value),
            System.Globalization.CultureInfo.InvariantCulture
        );

    private static IProducer<byte[]?, byte[]> Producer(string servers, int? messageTimeout = null)
    {
        var config = new ProducerConfig { BootstrapServers = servers, ReconnectBackoffMaxMs = 500 };
        KafkaEventPublisher.Configure(config);
        config.MessageTimeoutMs = messageTimeout ?? config.MessageTimeoutMs;
        return new ProducerBuilder<byte[]?, byte[]>(config).SetLogHandler((_, _) => { }).Build();
    }

    private static async Task CommitAsync(TestDatabase database, OutboxEvent outboxEvent)
    {
        await using var work = database.Begin();
        work.AddEvent(outboxEvent);
        await work.CommitAsync();
    }

    private static Task<long> PublishedAsync(TestDatabase database) =>
        database.ScalarAsync<long>(
            "select count(*) from service.outbox where published_at is not null"
        );
}
