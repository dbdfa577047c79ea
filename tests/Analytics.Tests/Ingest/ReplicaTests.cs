using ApiSvc.Analytics.Ingest;
using ApiSvc.Analytics.Records;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Testing;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Analytics.Tests.Ingest;

/// <summary>Several instances side by side: each call is counted once, whoever dies.</summary>
public sealed class ReplicaTests
{
    private const int Lanes = 4;
    private const int Messages = 60;
    private const int PerMessage = 40;

    [Fact]
    public async Task Kill_OneOfTwoWhileCallsCome_CountsEachOnce()
    {
        await using var broker = await TestBroker.StartAsync(Lanes);
        // Reads the database only; its own consumer has no broker.
        await using var observer = await AnalyticsHost.StartAsync();
        using var first = AnalyticsProcess.Start(observer.Database, broker.Address);
        using var second = AnalyticsProcess.Start(observer.Database, broker.Address);
        var calls = new NumberedCalls(broker, Lanes);

        // Until both are at work: each writes rollups in a slot of its own.
        for (var slots = 1; slots <= 2; slots++)
        {
            await Eventually.GetAsync(
                async () =>
                {
                    await calls.SendAsync(PerMessage);
                    return await observer.QueryAsync<long>(
                        "select count(distinct slot) from api_minute"
                    );
                },
                seen => seen >= slots
            );
        }

        for (var message = 0; message < Messages; message++)
        {
            await calls.SendAsync(PerMessage);
            if (message == Messages / 3)
            {
                second.Kill();
            }
        }

        var sent = calls.Sent;
        await observer.HasCallsAsync(sent.Count);

        first.HasExited.ShouldBeFalse();
        (await observer.ListAsync<Guid>("select id from call")).ShouldBe(sent, ignoreOrder: true);
        await ShouldAgreeAsync(observer);
        (await observer.QueryAsync<long>("select count(*) from lost_range")).ShouldBe(0);
    }

    [Fact]
    public async Task Write_OfWhatAnotherHasTaken_ThrowsAndChangesNothing()
    {
        await using var host = await AnalyticsHost.StartAsync();
        await using var other = await AnalyticsHost.StartAsync(database: host.Database);
        await PositionsAsync(host, 0);
        var message = Parsed(host, 0, 0, Sample.Batch(Guid.CreateVersion7(), 0, 0, Some(5)));
        // The same calls, read by one that believes to have the partition still.
        var again = Parsed(other, 0, 0, Sample.Batch(Guid.CreateVersion7(), 0, 0, Some(5)));

        await Writer(host).WriteAsync([message], default);
        await Should.ThrowAsync<PositionLostException>(() =>
            Writer(other).WriteAsync([again], default)
        );

        (await host.QueryAsync<long>("select count(*) from call")).ShouldBe(5);
        await ShouldAgreeAsync(host);

        // It lets go, and works on for partitions of its own.
        await PositionsAsync(other, 1);
        await Writer(other)
            .WriteAsync(
                [Parsed(other, 1, 0, Sample.Batch(Guid.CreateVersion7(), 1, 0, Some(7)))],
                default
            );
        (await host.QueryAsync<long>("select count(*) from call")).ShouldBe(12);
        await ShouldAgreeAsync(host);
    }

    [Fact]
    public async Task Write_ByManyAtOnceIntoTheSameMinutes_AddsUp()
    {
        await using var host = await AnalyticsHost.StartAsync();
        await using var other = await AnalyticsHost.StartAsync(database: host.Database);
        await using var third = await AnalyticsHost.StartAsync(database: host.Database);
        AnalyticsHost[] hosts = [host, other, third];
        await Task.WhenAll(hosts.Select((h, partition) => WriteManyAsync(h, partition)));

        (await host.QueryAsync<long>("select count(*) from call")).ShouldBe(3 * 20 * 50);
        await ShouldAgreeAsync(host);

        static async Task WriteManyAsync(AnalyticsHost host, int partition)
        {
            await PositionsAsync(host, partition);
            var spool = Guid.CreateVersion7();
            for (var i = 0; i < 20; i++)
            {
                var batch = Sample.Batch(spool, (uint)partition, i * 50, Some(50));
                await Writer(host).WriteAsync([Parsed(host, partition, i, batch)], default);
            }
        }
    }

    private static BatchWriter Writer(AnalyticsHost host) =>
        host.Services.GetRequiredService<BatchWriter>();

    private static Task PositionsAsync(AnalyticsHost host, int partition) =>
        host.Services.GetRequiredService<PositionBook>().ReadAsync([partition], default);

    private static CallMessage Parsed(
        AnalyticsHost host,
        int partition,
        long before,
        CallRecordBatch batch
    ) =>
        host
            .Services.GetRequiredService<BatchParser>()
            .Parse(partition, before, before + 1, batch.ToByteArray());

    /// <summary>Every minute of each family has what its calls are.</summary>
    private static async Task ShouldAgreeAsync(AnalyticsHost host)
    {
        foreach (var family in (string[])["api", "application", "summary", "provider"])
        {
            var wrong = await host.ListAsync<string>(
                $"""
                select concat(time, ' ', status_class, ': ', c.calls, ' and ', m.calls) from (
                  select date_trunc('minute', started) as time, (status / 100)::smallint as status_class,
                    count(*) as calls, sum(latency_us) as latency from call group by 1, 2) c
                full join (
                  select time, status_class, sum(calls) as calls, sum(latency_total) as latency
                  from {family}_minute m join {family}_series s on s.id = m.series group by 1, 2) m
                using (time, status_class)
                where c.calls is distinct from m.calls or c.latency is distinct from m.latency
                """
            );
            wrong.ShouldBeEmpty();
        }
    }

    private static IEnumerable<CallRecord> Some(int count) => NumberedCalls.Some(count);
}

/// <summary>Calls to all lanes, each a partition, numbered on and on.</summary>
internal sealed class NumberedCalls(TestBroker broker, int lanes)
{
    private readonly Guid _spool = Guid.CreateVersion7();
    private readonly List<Guid> _sent = [];
    private long _next;

    public IReadOnlyList<Guid> Sent => _sent;

    public async Task SendAsync(int count)
    {
        for (var lane = 0; lane < lanes; lane++)
        {
            var records = Some(count).ToList();
            _sent.AddRange(records.Select(r => new Guid(r.CallId.Span, bigEndian: true)));
            await broker.SendAsync(Sample.Batch(_spool, (uint)lane, _next, records), lane);
        }

        _next += count;
    }

    public static IEnumerable<CallRecord> Some(int count) =>
        Enumerable
            .Range(0, count)
            .Select(i => new CallRecord
            {
                CallId = Sample.Bytes(Guid.CreateVersion7()),
                StartUs = Sample.Us(DateTimeOffset.UtcNow.AddMinutes(-(i % 3))),
                Status = i % 3 == 0 ? 404u : 200u,
                LatencyUs = (uint)(1000 * i),
                Path = "/",
                Environment = "production",
            });
}
