using ApiSvc.Spool.Shipping;
using ApiSvc.Spool.Tests.Running;
using ApiSvc.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ApiSvc.Spool.Tests.Shipping;

public sealed class ShipperTests : IDisposable
{
    private readonly SpoolBox _box = new();
    private readonly FakeKafka _kafka = new();
    private readonly ShippingOptions _options = new()
    {
        Topic = "topic",
        BatchInterval = TimeSpan.FromMilliseconds(5),
        LongestPause = TimeSpan.FromMilliseconds(20),
    };

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Ship_ManyRecords_AllArriveOnceInOrderAndFilesGo()
    {
        await AppendAsync(1, 20_000);
        await using (await StartAsync())
        {
            await Eventually.HoldsAsync(() => Shipped() == 20_000, "all are shipped");
            await Eventually.HoldsAsync(
                () => _box.Spool.Lanes.All(l => l.Segments().Length <= 2),
                "what was shipped is deleted"
            );
        }

        var records = _kafka.Records.ToList();
        records
            .Select(r => r.Number)
            .Order()
            .ShouldBe(Enumerable.Range(1, 20_000).Select(n => (ulong)n));
        foreach (var lane in records.GroupBy(r => r.Lane, r => r.Sequence))
        {
            lane.ShouldBe(Enumerable.Range(1, lane.Count()).Select(s => (ulong)s));
        }

        _kafka.Taken.ShouldAllBe(b => b.Value.Length <= 256 << 10);
        _kafka.Taken.Max(b => b.Value.Length).ShouldBeGreaterThan(250 << 10);
        _box.Spool.Status.OldestAt.ShouldBeNull();
    }

    [Fact]
    public async Task Ship_KafkaAway_KeepsAllAndGoesOnByItself()
    {
        _kafka.Answer = _ => new(SendStatus.Unavailable, "away");
        await AppendAsync(1, 1_000);
        await using (await StartAsync())
        {
            await Eventually.HoldsAsync(() => _kafka.Asked.Count > 5, "it tries again");
            var oldest = _box.Spool.Status.OldestAt.ShouldNotBeNull();
            (DateTimeOffset.UtcNow - oldest).ShouldBeInRange(
                TimeSpan.Zero,
                TimeSpan.FromMinutes(1)
            );
            Shipped().ShouldBe(0);
            _kafka.Answer = _ => SendOutcome.Acknowledged;
            await Eventually.HoldsAsync(() => Shipped() == 1_000, "all are shipped");
        }

        // What was sent again was the same.
        _kafka
            .Asked.GroupBy(b => b.Id)
            .ShouldAllBe(same => same.All(b => b.Value.SequenceEqual(same.First().Value)));
        _kafka.Records.Count().ShouldBe(1_000);
    }

    [Fact]
    public async Task Ship_NewProcess_GoesOnBehindWhatKafkaHas()
    {
        await AppendAsync(1, 5_000);
        await using (await StartAsync())
        {
            await Eventually.HoldsAsync(() => Shipped() == 5_000, "all are shipped");
            await AppendAsync(5_001, 5_100);
            await Eventually.HoldsAsync(() => Shipped() == 5_100, "all are shipped");
        }

        using var next = _box.AfterKill();
        next.Read().ShouldBeEmpty();
        _box.Leave();
        await AppendAsync(5_101, 5_200);
        _box.Read().Values.Order().ShouldBe(Enumerable.Range(5_101, 100).Select(n => (ulong)n));
    }

    [Fact]
    public async Task Ship_MessageTooLong_HalvesBatchesAndRejectsASingleRecord()
    {
        const int Longest = 300;
        _kafka.Answer = b =>
            b.Value.Length > Longest
                ? new(SendStatus.TooLarge, "too long")
                : SendOutcome.Acknowledged;
        await AppendAsync(1, 200);
        await using (await StartAsync())
        {
            await Eventually.HoldsAsync(
                () => Shipped() + _box.Spool.Status.Rejected == 200,
                "every record is taken or rejected"
            );
        }

        _box.Spool.Status.Rejected.ShouldBeInRange(1, 199);
        _kafka.Records.Count().ShouldBe((int)Shipped());
    }

    [Fact]
    public async Task Stop_RecordsLeft_AreShippedBeforeItEnds()
    {
        _options.BatchInterval = TimeSpan.FromMinutes(1);
        var shipper = await StartAsync();
        await AppendAsync(1, 3_000);
        await shipper.DisposeAsync();
        _kafka.Records.Count().ShouldBe(3_000);
    }

    [Fact]
    public async Task Stop_KafkaAway_EndsWithinItsTimeAndKeepsAll()
    {
        _kafka.Answer = _ => new(SendStatus.Unavailable, "away");
        _options.DrainTimeout = TimeSpan.FromMilliseconds(50);
        await AppendAsync(1, 100);
        var shipper = await StartAsync();
        await shipper.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        _box.Read().Count.ShouldBe(100);
    }

    [Fact]
    public async Task Ship_SegmentIsDroppedAtTheBound_GoesOnBehindIt()
    {
        _box.Options.Lanes = 1;
        _box.Options.MaxBytes = 4 << 20;
        _kafka.Answer = _ => new(SendStatus.Unavailable, "away");
        await using (await StartAsync())
        {
            await AppendAsync(1, 30_000);
            _kafka.Answer = _ => SendOutcome.Acknowledged;
            var status = _box.Spool.Status;
            status.DroppedForBound.ShouldBeGreaterThan(0);
            await Eventually.HoldsAsync(
                () => Shipped() + _box.Spool.Status.DroppedForBound == 30_000,
                "what was not dropped is shipped"
            );
        }

        var records = _kafka.Records.Select(r => r.Number).ToList();
        records.ShouldBeInOrder();
        records[^1].ShouldBe(30_000UL);
    }

    private long Shipped() => _box.Spool.Status.Shipped;

    private async Task AppendAsync(ulong from, ulong to)
    {
        for (var number = from; number <= to; number++)
        {
            await _box.AppendAsync(number);
        }
    }

    private async Task<Running> StartAsync()
    {
        var shipper = new Shipper(
            _box.Spool,
            _kafka,
            Options.Create(_options),
            TimeProvider.System,
            NullLogger<Shipper>.Instance
        );
        await shipper.StartAsync(CancellationToken.None);
        return new(shipper);
    }

    private sealed class Running(Shipper shipper) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await shipper.StopAsync(CancellationToken.None);
            shipper.Dispose();
        }
    }
}
