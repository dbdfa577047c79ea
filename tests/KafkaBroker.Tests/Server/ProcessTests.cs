using System.Globalization;
using ApiSvc.BrokerTests.Brokers;
using ApiSvc.BrokerTests.Clients;
using Confluent.Kafka;

namespace ApiSvc.BrokerTests.Server;

public sealed class ProcessTests(ClientMatrix matrix)
{
    private const int Rounds = 3;

    [Fact]
    public Task Kill_UnderLoad_LosesNothingAcknowledged() =>
        matrix.RunAsync(
            "kill -9 under load, acks=all",
            ClientMatrix.Librdkafka,
            async () =>
            {
                using var folder = new TempFolder();
                var broker = await BrokerProcess.StartAsync(folder.Path);
                try
                {
                    using var producer = Rdkafka.Producer(broker.Address, idempotent: true);
                    var load = new Load(producer, "t");
                    for (var round = 0; round < Rounds; round++)
                    {
                        await load.UntilMoreAcknowledgedAsync(2000);
                        var port = broker.Port;
                        broker.Kill();
                        broker.Dispose();
                        broker = await BrokerProcess.StartAsync(folder.Path, port);
                    }

                    await load.UntilMoreAcknowledgedAsync(2000);
                    load.Stop();
                    var stored = ReadAll(broker.Address, "t");

                    matrix.Tell(
                        $"{Rounds} times kill -9 under load: {load.Acknowledged.Count} messages acknowledged, "
                            + $"{stored.Count} stored, {load.Acknowledged.Except(stored).Count()} lost, "
                            + $"{stored.Count - stored.Distinct().Count()} twice"
                    );
                    load.Acknowledged.Except(stored).ShouldBeEmpty();
                    stored.ShouldBeUnique();
                }
                finally
                {
                    broker.Dispose();
                }
            }
        );

    [Fact]
    public async Task Start_FolderInUse_IsRefusedInWords()
    {
        using var folder = new TempFolder();
        using var first = await BrokerProcess.StartAsync(folder.Path);

        var (exitCode, errors) = await BrokerProcess.RunAsync(folder.Path);

        exitCode.ShouldBe(1);
        errors.ShouldContain($"The data folder {folder.Path} is in use by another broker");
    }

    [Fact]
    public async Task Terminate_Running_EndsInOrder()
    {
        using var folder = new TempFolder();
        using var broker = await BrokerProcess.StartAsync(folder.Path);
        Rdkafka.Produce(broker.Address, "t", ["1"]);

        (await broker.TerminateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Start_WrongPort_IsRefusedInWords()
    {
        using var folder = new TempFolder();

        var (exitCode, errors) = await BrokerProcess.RunAsync(folder.Path, port: 70_000);

        exitCode.ShouldBe(1);
        errors.ShouldContain("--port has to be from 0 to 65535.");
    }

    private static List<int> ReadAll(string broker, string topic)
    {
        using var consumer = Rdkafka.Consumer(broker, "reader");
        var partition = new TopicPartition(topic, 0);
        var end = consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(10)).High.Value;
        consumer.Assign(new TopicPartitionOffset(partition, 0));
        return
        [
            .. consumer
                .Take((int)end)
                .Select(read => int.Parse(read.Message.Value, CultureInfo.InvariantCulture)),
        ];
    }
}
