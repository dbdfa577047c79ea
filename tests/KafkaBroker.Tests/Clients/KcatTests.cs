using System.Globalization;
using ApiSvc.BrokerTests.Brokers;
using ApiSvc.Testing;

namespace ApiSvc.BrokerTests.Clients;

public sealed class KcatTests(ClientMatrix matrix)
{
    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public Task ProduceAndConsume_WithHeadersAndCompression_IsTheSame(string compression) =>
        matrix.RunAsync(
            $"produce and consume, {compression}",
            ClientMatrix.Kcat,
            async () =>
            {
                await using var broker = await TestBroker.StartAsync();
                var lines = Enumerable.Range(0, 500).Select(i => $"k{i}|v{i}").ToList();
                await ChildProgram.RunAsync(
                    new(
                        "kcat",
                        [
                            .. (string[])["-P", "-b", broker.Address, "-t", "t", "-K", "|"],
                            .. (string[])["-H", "h=1", "-z", compression, "-X", "acks=all"],
                        ]
                    ),
                    string.Join('\n', lines)
                );

                var read = await ChildProgram.RunAsync(
                    new(
                        "kcat",
                        ["-C", "-b", broker.Address, "-t", "t", "-e", "-q", "-f", "%k|%s|%h\\n"]
                    )
                );

                read.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .ShouldBe(lines.Select(line => line + "|h=1"));
            }
        );

    [Fact]
    public Task Consume_InGroup_GetsAll() =>
        matrix.RunAsync(
            "groups",
            ClientMatrix.Kcat,
            async () =>
            {
                await using var broker = await TestBroker.StartAsync(partitions: 3);
                Rdkafka.Produce(broker.Address, "t", Numbers(300));

                var read = await ChildProgram.RunAsync(
                    new(
                        "kcat",
                        [
                            .. (string[])["-b", broker.Address, "-G", "g", "-q", "-c", "300"],
                            .. (string[])["-X", "auto.offset.reset=earliest", "t"],
                        ]
                    )
                );

                read.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .ShouldBe(Numbers(300), ignoreOrder: true);
            }
        );

    [Fact]
    public Task Metadata_OfAll_ListsBrokerAndTopic() =>
        matrix.RunAsync(
            "metadata, offsets by time",
            ClientMatrix.Kcat,
            async () =>
            {
                await using var broker = await TestBroker.StartAsync(partitions: 2);
                Rdkafka.Produce(broker.Address, "t", Numbers(10));

                var listed = await ChildProgram.RunAsync(new("kcat", ["-L", "-b", broker.Address]));
                var offsets = await ChildProgram.RunAsync(
                    new("kcat", ["-Q", "-b", broker.Address, "-t", "t:0:-2", "-t", "t:1:-2"])
                );

                listed.ShouldContain($"broker 1 at {broker.Address} (controller)");
                listed.ShouldContain("topic \"t\" with 2 partitions");
                offsets.ShouldContain("t [0] offset 0");
            }
        );

    private static IEnumerable<string> Numbers(int count) =>
        Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture));
}
