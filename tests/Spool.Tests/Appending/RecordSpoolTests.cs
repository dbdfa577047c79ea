using System.Collections.Concurrent;
using ApiSvc.Spool.Tests.Running;
using ApiSvc.SpoolChild;
using ApiSvc.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ApiSvc.Spool.Tests.Appending;

public sealed class RecordSpoolTests : IDisposable
{
    private readonly SpoolBox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Append_ManyRecords_AreReadAsWritten()
    {
        var appended = new SortedDictionary<(int, ulong), ulong>();
        // Over several segments.
        for (var number = 1UL; number <= 20_000; number++)
        {
            var at = await _box.AppendAsync(number);
            appended.Add((at.Lane, at.Sequence), number);
        }

        _box.Segments.Count().ShouldBeGreaterThan(6);
        _box.Read().ShouldBe(appended);
        _box.Spool.Status.Lost.ShouldBe(0);
    }

    [Fact]
    public async Task Append_ByManyThreads_LosesAndRepeatsNothing()
    {
        const int Threads = 8;
        const ulong Each = 5_000;
        _box.Options.SegmentBytes = 32 << 20;
        _box.Options.MaxBytes = 1L << 30;
        var appended = new ConcurrentDictionary<(int, ulong), ulong>();
        _ = _box.Spool;
        var threads = Enumerable
            .Range(0, Threads)
            .Select(t =>
                Task.Factory.StartNew(
                    () =>
                    {
                        for (var i = 0UL; i < Each; i++)
                        {
                            var number = ((ulong)t * Each) + i;
                            var at = _box.TryAppend(number).ShouldNotBeNull();
                            appended.TryAdd((at.Lane, at.Sequence), number).ShouldBeTrue();
                        }
                    },
                    TaskCreationOptions.LongRunning
                )
            );
        await Task.WhenAll(threads);
        _box.Read().ShouldBe(appended.OrderBy(a => a.Key));
        foreach (var lane in appended.Keys.GroupBy(k => k.Item1, k => k.Item2))
        {
            lane.Order().ShouldBe(Enumerable.Range(1, lane.Count()).Select(s => (ulong)s));
        }
    }

    [Fact]
    public async Task Append_OverSegmentChanges_AllocatesNothing()
    {
        var spool = _box.Spool;
        var segments = 0;
        var allocated = 0L;
        for (var number = 1UL; number <= 20_000; number++)
        {
            if (spool.Lanes.Any(l => l.Appender!.NeedsSegment))
            {
                segments++;
                await Eventually.HoldsAsync(
                    () => spool.Lanes.All(l => !l.Appender!.NeedsSegment),
                    "every lane has a segment in reserve"
                );
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            var isThere = spool.TryAppend(
                NumberedRecord.MaxLength,
                number,
                NumberedRecord.Write,
                out _
            );
            var after = GC.GetAllocatedBytesForCurrentThread();
            isThere.ShouldBeTrue();
            // What the first ones allocate is compiling.
            allocated += number > 100 ? after - before : 0;
        }

        segments.ShouldBeGreaterThan(2);
        allocated.ShouldBe(0);
    }

    [Fact]
    public void Append_WriterThrows_LeavesTheLaneAsItWas()
    {
        _box.TryAppend(1);
        Should.Throw<InvalidTimeZoneException>(() =>
            _box.Spool.TryAppend(
                400,
                0,
                (_, room) =>
                {
                    room.Fill(0xFF);
                    throw new InvalidTimeZoneException();
                },
                out SpoolPosition _
            )
        );
        _box.TryAppend(2);
        _box.Read().Values.ShouldBe([1UL, 2UL], ignoreOrder: true);
        _box.Spool.Status.Lost.ShouldBe(0);
    }

    [Fact]
    public void Append_WriterHasNothing_AppendsNothing()
    {
        _box.Spool.TryAppend(10, 0, (_, _) => 0, out var position).ShouldBeFalse();
        position.Sequence.ShouldBe(0UL);
        _box.Read().ShouldBeEmpty();
        _box.Spool.Status.Lost.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(RecordSpool.MaxRecordBytes + 1)]
    public void Append_LengthThatCannotBe_Throws(int maxLength) =>
        Should.Throw<ArgumentOutOfRangeException>(() =>
            _box.Spool.TryAppend(maxLength, 0, (_, _) => 1, out SpoolPosition _)
        );

    [Fact]
    public void Append_LongestRecord_IsABatchOfItsOwn()
    {
        _box.Spool.TryAppend(
            RecordSpool.MaxRecordBytes,
            0,
            (_, room) =>
            {
                room.Clear();
                return room.Length;
            },
            out var position
        );
        var batch = _box.Batches().ShouldHaveSingleItem();
        batch.FirstSequence.ShouldBe(position.Sequence);
        batch.Value.Length.ShouldBeInRange(RecordSpool.MaxRecordBytes, 256 << 10);
    }

    [Fact]
    public void Append_AfterItWasClosed_IsDropped()
    {
        var spool = _box.Spool;
        spool.Dispose();
        spool.TryAppend(10, 0, (_, _) => 1, out _).ShouldBeFalse();
        spool.Dispose();
    }

    [Fact]
    public void Open_FolderInUse_SaysSo()
    {
        _ = _box.Spool;
        Should
            .Throw<IOException>(() =>
                RecordSpool.Open(
                    _box.Options,
                    TimeProvider.System,
                    NullLogger<RecordSpool>.Instance
                )
            )
            .Message.ShouldContain("in use by another process");
    }

    [Fact]
    public void NewId_ManyTimes_IsAVersion7ThatGrows()
    {
        var spool = _box.Spool;
        _box.Options.Lanes.ShouldBeGreaterThan(1);
        var ids = new HashSet<Guid>();
        foreach (var time in (long[])[1_000, 1_000, 1_001, 900, 2_000])
        {
            for (var i = 0; i < 1_000; i++)
            {
                var id = spool.NewId(time);
                (id.Version, id.Variant >> 2).ShouldBe((7, 2));
                ids.Add(id).ShouldBeTrue();
            }
        }
    }
}
