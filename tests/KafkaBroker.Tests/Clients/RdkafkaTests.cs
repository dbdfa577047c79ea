using System.Globalization;
using System.Text;
using ApiSvc.BrokerTests.Brokers;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace ApiSvc.BrokerTests.Clients;

public sealed class RdkafkaTests(ClientMatrix matrix)
{
    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public Task ProduceAndConsume_WithHeadersAndCompression_IsTheSame(
        CompressionType compression
    ) =>
        RunAsync(
            $"produce and consume, {compression.ToString().ToLowerInvariant()}",
            async broker =>
            {
                using var producer = Rdkafka.Producer(broker.Address, compression: compression);
                var sent = Enumerable
                    .Range(0, 200)
                    .Select(i =>
                        producer.ProduceAsync(
                            "t",
                            new()
                            {
                                Key = $"k{i}",
                                Value = new string('v', i),
                                Headers = [new Header("h", Encoding.UTF8.GetBytes($"h{i}"))],
                            }
                        )
                    );
                var acknowledged = await Task.WhenAll(sent);

                using var consumer = Rdkafka.Consumer(broker.Address, "g");
                consumer.Subscribe("t");
                var read = consumer.Take(200);

                acknowledged
                    .Select(each => each.Offset.Value)
                    .ShouldBe(Enumerable.Range(0, 200).Select(i => (long)i));
                read.Select(each =>
                        $"{each.Message.Key} {each.Message.Value.Length} "
                        + Encoding.UTF8.GetString(each.Message.Headers.GetLastBytes("h"))
                    )
                    .ShouldBe(Enumerable.Range(0, 200).Select(i => $"k{i} {i} h{i}"));
            }
        );

    [Fact]
    public Task Produce_Larger_ThanTheTopicTakes_IsRefused() =>
        RunAsync(
            "a batch that is too large is refused",
            async broker =>
            {
                using var admin = Rdkafka.Admin(broker.Address);
                await admin.CreateTopicsAsync([
                    new()
                    {
                        Name = "small",
                        NumPartitions = 1,
                        Configs = new() { ["max.message.bytes"] = "1000" },
                    },
                ]);
                using var producer = Rdkafka.Producer(broker.Address);

                var thrown = await Should.ThrowAsync<ProduceException<string, string>>(() =>
                    producer.ProduceAsync("small", new() { Key = "k", Value = new('x', 2000) })
                );

                thrown.Error.Code.ShouldBe(ErrorCode.MsgSizeTooLarge);
            }
        );

    [Fact]
    public Task Admin_CreateDescribeDelete_Works() =>
        RunAsync(
            "create and delete topics",
            async broker =>
            {
                using var admin = Rdkafka.Admin(broker.Address);
                var topic = new TopicSpecification
                {
                    Name = "made",
                    NumPartitions = 4,
                    Configs = new() { ["retention.ms"] = "60000" },
                };

                await admin.CreateTopicsAsync([topic]);
                var again = await Should.ThrowAsync<CreateTopicsException>(() =>
                    admin.CreateTopicsAsync([topic])
                );
                var configs = await admin.DescribeConfigsAsync([
                    new() { Name = "made", Type = ResourceType.Topic },
                ]);
                var partitions = Partitions(admin, "made");
                await admin.DeleteTopicsAsync(["made"]);

                again.Results[0].Error.Code.ShouldBe(ErrorCode.TopicAlreadyExists);
                configs[0].Entries["retention.ms"].Value.ShouldBe("60000");
                partitions.ShouldBe(4);
                admin
                    .GetMetadata(TimeSpan.FromSeconds(10))
                    .Topics.ShouldNotContain(each => each.Topic == "made");
            }
        );

    [Fact]
    public Task Admin_ImpossibleTopics_AreRefusedWithAReason() =>
        RunAsync(
            "impossible topics are refused",
            async broker =>
            {
                using var admin = Rdkafka.Admin(broker.Address);

                var thrown = await Should.ThrowAsync<CreateTopicsException>(() =>
                    admin.CreateTopicsAsync([
                        new() { Name = "bad/name", NumPartitions = 1 },
                        new()
                        {
                            Name = "copies",
                            NumPartitions = 1,
                            ReplicationFactor = 3,
                        },
                        new()
                        {
                            Name = "compacted",
                            NumPartitions = 1,
                            Configs = new() { ["cleanup.policy"] = "compact" },
                        },
                    ])
                );

                thrown
                    .Results.Select(result => result.Error.Code)
                    .ShouldBe([
                        ErrorCode.TopicException,
                        ErrorCode.InvalidReplicationFactor,
                        ErrorCode.InvalidConfig,
                    ]);
                thrown.Results[2].Error.Reason.ShouldContain("cleanup.policy");
            }
        );

    [Fact]
    public Task Produce_IdempotentOverRestart_HasEachOnceInOrder() =>
        RunAsync(
            "idempotent producer over a restart",
            async broker =>
            {
                using var producer = Rdkafka.Producer(broker.Address, idempotent: true);
                for (var round = 0; round < 3; round++)
                {
                    var first = round * 100;
                    var sent = Enumerable
                        .Range(first, 100)
                        .Select(i =>
                            producer.ProduceAsync(
                                "t",
                                new()
                                {
                                    Key = "k",
                                    Value = i.ToString(CultureInfo.InvariantCulture),
                                }
                            )
                        )
                        .ToList();
                    await broker.RestartAsync();
                    await Task.WhenAll(sent);
                }

                using var consumer = Rdkafka.Consumer(broker.Address, "g");
                consumer.Subscribe("t");
                consumer
                    .Take(300)
                    .Select(read => int.Parse(read.Message.Value, CultureInfo.InvariantCulture))
                    .ShouldBe(Enumerable.Range(0, 300));
                consumer.Consume(TimeSpan.FromMilliseconds(300)).ShouldBeNull();
            }
        );

    [Fact]
    public Task Offsets_ByTime_AreFound() =>
        RunAsync(
            "metadata, offsets by time",
            async broker =>
            {
                using var producer = Rdkafka.Producer(broker.Address);
                foreach (var second in (int[])[10, 20, 30])
                {
                    await producer.ProduceAsync(
                        "t",
                        new()
                        {
                            Key = "k",
                            Value = "v",
                            Timestamp = new(DateTimeOffset.FromUnixTimeSeconds(second)),
                        }
                    );
                }

                using var consumer = Rdkafka.Consumer(broker.Address, "g");
                var found = consumer.OffsetsForTimes(
                    [new("t", 0, new(DateTimeOffset.FromUnixTimeSeconds(15)))],
                    TimeSpan.FromSeconds(10)
                );

                found[0].Offset.Value.ShouldBe(1);
            }
        );

    private static int Partitions(IAdminClient admin, string topic) =>
        admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions.Count;

    private Task RunAsync(string subject, Func<TestBroker, Task> test) =>
        matrix.RunAsync(
            subject,
            ClientMatrix.Librdkafka,
            async () =>
            {
                await using var broker = await TestBroker.StartAsync();
                await test(broker);
            }
        );
}
