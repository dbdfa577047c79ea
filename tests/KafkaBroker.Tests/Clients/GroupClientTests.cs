using System.Globalization;
using ApiSvc.BrokerTests.Brokers;
using Confluent.Kafka;

namespace ApiSvc.BrokerTests.Clients;

public sealed class GroupClientTests(ClientMatrix matrix)
{
    private const int Partitions = 4;

    [Fact]
    public Task Members_JoinAndLeave_LoseAndSkipNothing() =>
        matrix.RunAsync(
            "groups",
            ClientMatrix.Librdkafka,
            async () =>
            {
                await using var broker = await TestBroker.StartAsync(Partitions);
                Produce(broker, 0, 500);
                using var first = Subscribed(broker);
                var seen = Committed(first, 500);

                using (var second = Subscribed(broker))
                {
                    await AssignedAsync([first, second]);
                    Produce(broker, 500, 500);
                    seen.AddRange(await TogetherAsync(500, first, second));
                    second.Close();
                }

                await AssignedAsync([first]);
                Produce(broker, 1000, 500);
                seen.AddRange(Committed(first, 500));

                seen.ShouldBe(Enumerable.Range(0, 1500), ignoreOrder: true);
                first.Close();
            }
        );

    [Fact]
    public Task Member_Crashes_OthersTakeOver() =>
        matrix.RunAsync(
            "a group's member crashes",
            ClientMatrix.Librdkafka,
            async () =>
            {
                await using var broker = await TestBroker.StartAsync(Partitions);
                Produce(broker, 0, 100);
                await KilledKcat.ConsumeAsync(broker.Address, "g", "t");

                using var first = Subscribed(broker);
                var seen = Committed(first, 100);

                seen.ShouldBe(Enumerable.Range(0, 100), ignoreOrder: true);
                first.Assignment.Count.ShouldBe(Partitions);
                first.Close();
            }
        );

    [Fact]
    public Task Offsets_OverBrokerRestart_AreKept() =>
        matrix.RunAsync(
            "offsets over a restart",
            ClientMatrix.Librdkafka,
            async () =>
            {
                await using var broker = await TestBroker.StartAsync(Partitions);
                Produce(broker, 0, 300);
                using var consumer = Subscribed(broker);
                var seen = Committed(consumer, 300);

                await broker.RestartAsync();
                Produce(broker, 300, 300);

                // The member joins anew, so what it reads meanwhile may come twice; what was committed may not.
                var after = new HashSet<int>();
                await Testing.Eventually.HoldsAsync(
                    () =>
                    {
                        after.UnionWith(consumer.Take(1).Select(Number));
                        return after.Count >= 300;
                    },
                    "the rest is read"
                );
                seen.ShouldBe(Enumerable.Range(0, 300), ignoreOrder: true);
                after.ShouldBe(Enumerable.Range(300, 300), ignoreOrder: true);
                consumer.Close();
            }
        );

    private static void Produce(TestBroker broker, int first, int count) =>
        Rdkafka.Produce(
            broker.Address,
            "t",
            Enumerable.Range(first, count).Select(i => i.ToString(CultureInfo.InvariantCulture))
        );

    private static IConsumer<string, string> Subscribed(TestBroker broker)
    {
        var consumer = Rdkafka.Consumer(broker.Address, "g");
        consumer.Subscribe("t");
        return consumer;
    }

    private static List<int> Committed(IConsumer<string, string> consumer, int count)
    {
        var taken = consumer.Take(count);
        consumer.Commit();
        return [.. taken.Select(Number)];
    }

    private static async Task<List<int>> TogetherAsync(
        int count,
        params IConsumer<string, string>[] consumers
    )
    {
        var seen = new List<int>();
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (seen.Count < count && DateTime.UtcNow < deadline)
        {
            foreach (var consumer in consumers)
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(5)) is { } result)
                {
                    seen.Add(Number(result));
                    consumer.Commit(result);
                }
            }

            await Task.Yield();
        }

        return seen;
    }

    /// <summary>Polls all until the partitions are divided among them evenly.</summary>
    private static Task AssignedAsync(IConsumer<string, string>[] consumers) =>
        Testing.Eventually.HoldsAsync(
            () =>
            {
                foreach (var consumer in consumers)
                {
                    Poll(consumer);
                }

                return Array.TrueForAll(
                    consumers,
                    consumer => consumer.Assignment.Count == Partitions / consumers.Length
                );
            },
            "the partitions are divided"
        );

    /// <summary>Lets it take part in a rebalance where there is nothing to consume.</summary>
    private static void Poll(IConsumer<string, string> consumer) =>
        consumer.Consume(TimeSpan.FromMilliseconds(20));

    private static int Number(ConsumeResult<string, string> result) =>
        int.Parse(result.Message.Value, CultureInfo.InvariantCulture);
}
