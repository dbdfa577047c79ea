using System.Diagnostics;
using ApiSvc.BrokerTests.Brokers;
using ApiSvc.BrokerTests.Clients;
using Confluent.Kafka;

namespace ApiSvc.BrokerTests.Server;

public sealed class ThroughputTests(ClientMatrix matrix)
{
    private const int Messages = 60_000;
    private const int Size = 1000;

    // Machines that run tests are busy: the number is told, the bar is where something would be broken.
    private const double LeastMegabytesPerSecond = 10;

    [Fact]
    public async Task ProduceAndConsume_AtOnce_AreFastEnough()
    {
        using var folder = new TempFolder();
        using var broker = await BrokerProcess.StartAsync(folder.Path);
        Rdkafka.Produce(broker.Address, "t", ["warm"]);
        using var consumer = Rdkafka.Consumer(broker.Address, "g");
        consumer.Assign(new TopicPartitionOffset("t", 0, 1));
        var payload = new string('x', Size);

        var start = Stopwatch.GetTimestamp();
        var producing = Task.Run(() =>
            Rdkafka.Produce(broker.Address, "t", Enumerable.Repeat(payload, Messages), key: "k")
        );
        var taken = consumer.Take(Messages).Count;
        await producing;
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        taken.ShouldBe(Messages);
        var rate = 2.0 * Messages * Size / seconds / 1e6;
        matrix.Tell($"In and out together: {rate:0} MB/s ({Messages} messages of {Size} bytes)");
        rate.ShouldBeGreaterThan(LeastMegabytesPerSecond);
    }
}
