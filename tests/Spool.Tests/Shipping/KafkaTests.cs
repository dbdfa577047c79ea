using System.Text;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Spool.Shipping;
using ApiSvc.Spool.Tests.Running;
using ApiSvc.Testing;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiSvc.Spool.Tests.Shipping;

/// <summary>A service with a spool beside a broker that is killed.</summary>
public sealed class KafkaTests : IDisposable
{
    private const string Topic = "records";

    private readonly SpoolBox _box = new();
    private readonly string _data = Directory.CreateTempSubdirectory("spool-kafka-").FullName;

    public void Dispose()
    {
        _box.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Ship_BrokerIsKilledUnderLoad_LosesNothing()
    {
        using var broker = await BrokerProcess.StartAsync(_data);
        await using var service = await StartAsync(broker.Address);
        var spool = service.Spool;
        var appended = new HashSet<(int, ulong)>();
        for (var kill = 0; kill < 2; kill++)
        {
            Append(spool, 3_000, appended);
            await Eventually.HoldsAsync(() => spool.Status.Shipped > 0, "something is shipped");
            broker.Kill();
            Append(spool, 3_000, appended);
            await broker.RestartAsync();
        }

        Append(spool, 3_000, appended);
        await Eventually.HoldsAsync(
            () => spool.Status.Shipped == appended.Count,
            "all are shipped when the broker is back"
        );
        var messages = Consume(broker.Address, appended.Count);
        var arrived = new Dictionary<(int Lane, ulong Sequence), ulong>();
        foreach (var message in messages)
        {
            message.Message.Value.Length.ShouldBeLessThanOrEqualTo(256 << 10);
            var batch = CallRecordBatch.Parser.ParseFrom(message.Message.Value);
            new Guid(batch.SpoolId.Span, bigEndian: true).ShouldBe(spool.Id);
            var sequence = batch.FirstSequence;
            foreach (var record in batch.Records)
            {
                // A repeat is the same record under the same number.
                var key = ((int)batch.Lane, sequence++);
                if (!arrived.TryAdd(key, record.BytesIn))
                {
                    arrived[key].ShouldBe(record.BytesIn);
                }
            }
        }

        arrived.Keys.Order().ShouldBe(appended.Order());
        spool.Status.Lost.ShouldBe(0);
    }

    [Fact]
    public async Task Ship_Batch_SaysWhatItIs()
    {
        using var broker = await BrokerProcess.StartAsync(_data);
        await using var service = await StartAsync(broker.Address);
        var spool = service.Spool;
        var appended = new HashSet<(int Lane, ulong Sequence)>();
        Append(spool, 1, appended);
        var message = Consume(broker.Address, 1).ShouldHaveSingleItem().Message;
        var lane = appended.Single().Lane;
        Encoding.UTF8.GetString(message.Key).ShouldBe($"{lane}");
        var headers = message.Headers.ToDictionary(
            h => h.Key,
            h => Encoding.UTF8.GetString(h.GetValueBytes())
        );
        headers["ce_specversion"].ShouldBe("1.0");
        headers["ce_id"].ShouldBe($"{spool.Id}/{lane}/1");
        headers["ce_type"].ShouldBe("apisvc.call_records.v1.CallRecordBatch");
        headers["ce_source"].ShouldBe("/apisvc/test");
        headers["content-type"].ShouldBe("application/protobuf");
        DateTimeOffset
            .Parse(headers["ce_time"], null)
            .ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Start_BrokerAway_AppendsAndShipsWhenItComes()
    {
        using var broker = await BrokerProcess.StartAsync(_data);
        broker.Kill();
        await using var service = await StartAsync(broker.Address);
        var spool = service.Spool;
        var appended = new HashSet<(int, ulong)>();
        Append(spool, 1_000, appended);
        await broker.RestartAsync();
        await Eventually.HoldsAsync(() => spool.Status.Shipped == 1_000, "all are shipped");
    }

    private async Task<Service> StartAsync(string broker)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:kafka"] = broker,
                ["Spool:Folder"] = _box.Folder,
                ["Spool:Lanes"] = "2",
                ["Shipping:BatchInterval"] = "00:00:00.005",
                ["Shipping:LongestPause"] = "00:00:00.200",
            }
        );
        builder.AddSpool();
        builder.AddSpoolShipping(
            "kafka",
            Topic,
            new("apisvc.call_records.v1.CallRecordBatch", "/apisvc/test")
        );
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    private sealed class Service(IHost host) : IAsyncDisposable
    {
        public RecordSpool Spool { get; } = host.Services.GetRequiredService<RecordSpool>();

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    private static void Append(RecordSpool spool, int count, HashSet<(int, ulong)> appended)
    {
        for (var i = 0; i < count; i++)
        {
            spool
                .TryAppend(
                    SpoolChild.NumberedRecord.MaxLength,
                    (ulong)appended.Count,
                    SpoolChild.NumberedRecord.Write,
                    out var at
                )
                .ShouldBeTrue();
            appended.Add((at.Lane, at.Sequence)).ShouldBeTrue();
        }
    }

    // Until as many different records are there.
    private static List<ConsumeResult<byte[], byte[]>> Consume(string broker, int records)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = broker, GroupId = "test" }
        ).Build();
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
        var all = new List<ConsumeResult<byte[], byte[]>>();
        var seen = new HashSet<(uint, ulong)>();
        while (seen.Count < records)
        {
            var message = consumer.Consume(TimeSpan.FromSeconds(20));
            message.ShouldNotBeNull($"{seen.Count} of {records} records arrived");
            all.Add(message);
            var batch = CallRecordBatch.Parser.ParseFrom(message.Message.Value);
            for (var i = 0; i < batch.Records.Count; i++)
            {
                seen.Add((batch.Lane, batch.FirstSequence + (ulong)i));
            }
        }

        return all;
    }
}
