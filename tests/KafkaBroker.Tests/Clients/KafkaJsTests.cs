using System.Text.Json;
using ApiSvc.BrokerTests.Brokers;
using ApiSvc.Testing;

namespace ApiSvc.BrokerTests.Clients;

/// <summary>Without lz4 and zstd, for which kafkajs needs native modules.</summary>
public sealed class KafkaJsTests(ClientMatrix matrix)
{
    private static readonly string Folder = Path.Combine(
        Repository.Root,
        "tests",
        "KafkaBroker.Tests",
        "peers",
        "node"
    );

    private static readonly Lazy<Task<string>> Modules = new(() => NpmModules.InstallAsync(Folder));

    [Theory]
    [InlineData("None", false)]
    [InlineData("None", true)]
    [InlineData("GZIP", false)]
    [InlineData("Snappy", false)]
    public Task ProduceAndConsume_WithHeadersAndCompression_IsTheSame(
        string compression,
        bool idempotent
    ) =>
        matrix.RunAsync(
            idempotent
                ? "idempotent producer"
                : $"produce and consume, {compression.ToLowerInvariant()}",
            ClientMatrix.KafkaJs,
            async () =>
            {
                await using var broker = await TestBroker.StartAsync(partitions: 3);

                var errors = await CallAsync(
                    "produce",
                    new
                    {
                        broker = broker.Address,
                        topic = "t",
                        compression,
                        count = 300,
                        idempotent,
                    }
                );
                var seen = await CallAsync(
                    "consume",
                    new
                    {
                        broker = broker.Address,
                        topic = "t",
                        group = "g",
                        count = 300,
                    }
                );

                errors.EnumerateArray().ShouldAllBe(error => error.GetInt32() == 0);
                seen.EnumerateArray()
                    .Select(message => string.Join('|', message.EnumerateArray()))
                    .ShouldBe(
                        Enumerable.Range(0, 300).Select(i => $"k{i}|v{i}|h{i}"),
                        ignoreOrder: true
                    );
            }
        );

    [Fact]
    public Task Admin_CreateAndDelete_AreSeen() =>
        matrix.RunAsync(
            "create and delete topics",
            ClientMatrix.KafkaJs,
            async () =>
            {
                await using var broker = await TestBroker.StartAsync();

                var told = await CallAsync(
                    "admin",
                    new { broker = broker.Address, topic = "made" }
                );

                told.GetRawText()
                    .ShouldBe(
                        """{"created":true,"partitions":3,"offsets":3,"groups":0,"deleted":true}"""
                    );
            }
        );

    [Fact]
    public Task Consume_AfterOtherClientsCommit_GoesOnThere() =>
        matrix.RunAsync(
            "groups",
            ClientMatrix.KafkaJs,
            async () =>
            {
                await using var broker = await TestBroker.StartAsync(partitions: 2);
                await ProduceAsync(broker, 100);
                await ConsumeAsync(broker, 100);
                await ProduceAsync(broker, 50);

                var second = await ConsumeAsync(broker, 50);

                second.GetArrayLength().ShouldBe(50);
                using var consumer = Rdkafka.Consumer(broker.Address, "g");
                consumer
                    .Committed([new("t", 0), new("t", 1)], TimeSpan.FromSeconds(10))
                    .Sum(partition => partition.Offset.Value)
                    .ShouldBe(150);
            }
        );

    private static Task<JsonElement> ProduceAsync(TestBroker broker, int count) =>
        CallAsync(
            "produce",
            new
            {
                broker = broker.Address,
                topic = "t",
                compression = "None",
                count,
                idempotent = false,
            }
        );

    private static Task<JsonElement> ConsumeAsync(TestBroker broker, int count) =>
        CallAsync(
            "consume",
            new
            {
                broker = broker.Address,
                topic = "t",
                group = "g",
                count,
            }
        );

    private static async Task<JsonElement> CallAsync(string command, object options)
    {
        var output = await ChildProgram.RunAsync(
            new(
                "node",
                [Path.Combine(Folder, "peer.js"), command, JsonSerializer.Serialize(options)]
            )
            {
                Environment =
                {
                    ["NODE_PATH"] = await Modules.Value,
                    ["KAFKAJS_NO_PARTITIONER_WARNING"] = "1",
                },
            }
        );
        return JsonSerializer.Deserialize<JsonElement>(output);
    }
}
