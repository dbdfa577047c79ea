using ApiSvc.Spool.Segments;
using ApiSvc.Spool.Tests.Running;

namespace ApiSvc.Spool.Tests.Appending;

public sealed class ResumeTests : IDisposable
{
    private readonly SpoolBox _box = new() { Options = { Lanes = 1 } };

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Open_AfterClosing_GoesOn()
    {
        var first = await AppendAsync(1, 500);
        var id = _box.Spool.Id;
        _box.Leave();
        var second = await AppendAsync(501, 1_000);
        _box.Spool.Id.ShouldBe(id);
        _box.Read().ShouldBe(first.Concat(second));
        second.Keys.First().ShouldBe((0, 501UL));
    }

    [Fact]
    public async Task Open_AfterKill_HasWhatWasAppended()
    {
        var first = await AppendAsync(1, 5_000);
        using var next = _box.AfterKill();
        next.Spool.Id.ShouldBe(_box.Spool.Id);
        next.Read().ShouldBe(first);
        (await next.AppendAsync(5_001)).Sequence.ShouldBe(5_001UL);
    }

    [Fact]
    public async Task Open_TwiceWithoutAnyRecord_KeepsTheNumbers()
    {
        await AppendAsync(1, 10);
        for (var i = 0; i < 3; i++)
        {
            _box.Leave();
            _ = _box.Spool;
        }

        (await _box.AppendAsync(11)).Sequence.ShouldBe(11UL);
    }

    [Fact]
    public async Task Open_TornLastRecord_IsCutOff()
    {
        await AppendAsync(1, 100);
        using var killed = _box.AfterKill();
        var last = killed.Segments.Last(HasRecords);
        // All but its length was written.
        WriteAt(last, EndOf(last) + 4, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
        killed.Read().Count.ShouldBe(100);
        (await killed.AppendAsync(101)).Sequence.ShouldBe(101UL);
        killed.Read().Count.ShouldBe(101);
        killed.Spool.Status.Lost.ShouldBe(0);
    }

    [Fact]
    public async Task Open_LastRecordWithoutAllOfItsBytes_IsCutOff()
    {
        await AppendAsync(1, 100);
        using var killed = _box.AfterKill();
        var last = killed.Segments.Last(HasRecords);
        // As a machine that went down may leave it: the length, but not what belongs to it.
        WriteAt(last, EndOf(last), [200, 0, 0, 0, 1, 1, 1, 1]);
        killed.Read().Count.ShouldBe(100);
        (await killed.AppendAsync(101)).Sequence.ShouldBe(101UL);
    }

    [Theory]
    [InlineData(0)] // the length
    [InlineData(4)] // the checksum
    [InlineData(8)] // the sequence
    [InlineData(Frame.HeaderLength)] // the record
    public async Task Read_ChangedByte_LosesThatRecordAlone(int offset)
    {
        var appended = await AppendAsync(1, 100);
        using var killed = _box.AfterKill();
        var file = killed.Segments.First(HasRecords);
        WriteAt(file, PlaceOf(file, index: 50) + offset, [0xA5]);
        killed.Read().ShouldBe(appended.Where(a => a.Value != 51));
        killed.Spool.Status.Corrupted.ShouldBe(1);
    }

    [Fact]
    public async Task Open_ChangedHeader_IsSetAsideAndTheRestRead()
    {
        var appended = await AppendAsync(1, 8_000);
        using var killed = _box.AfterKill();
        var file = killed.Segments.First();
        WriteAt(file, 16, [0xA5]);
        var read = killed.Read();
        read.Count.ShouldBeInRange(1, 7_999);
        read.ShouldBe(appended.Skip(8_000 - read.Count));
        File.Exists(file + ".unreadable").ShouldBeTrue();
    }

    [Fact]
    public async Task Open_MachineWentDown_NumbersAnew()
    {
        var appended = await AppendAsync(1, 100);
        using var killed = _box.AfterKill();
        SayBoot(killed, "another run", "open");
        killed.Spool.Id.ShouldNotBe(_box.Spool.Id);
        (await killed.AppendAsync(101)).Sequence.ShouldBe(1UL);
        var batches = killed.Batches().ToList();
        batches
            .Select(b => (b.Segment.Header.SpoolId, b.FirstSequence, b.Count))
            .ShouldBe([(_box.Spool.Id, 1UL, appended.Count), (killed.Spool.Id, 1UL, 1)]);
    }

    [Fact]
    public async Task Open_ClosedBeforeTheMachineWentDown_GoesOn()
    {
        await AppendAsync(1, 100);
        var id = _box.Spool.Id;
        _box.Leave();
        SayBoot(_box, "another run", "closed");
        _box.Spool.Id.ShouldBe(id);
        (await _box.AppendAsync(101)).Sequence.ShouldBe(101UL);
    }

    [Fact]
    public async Task Open_FilesOfALaneAreGone_NumbersAnew()
    {
        await AppendAsync(1, 100);
        var id = _box.Spool.Id;
        _box.Leave();
        _box.Segments.ToList().ForEach(File.Delete);
        _box.Spool.Id.ShouldNotBe(id);
    }

    [Fact]
    public async Task Open_WithFewerLanes_ReadsTheOthersToo()
    {
        _box.Options.Lanes = 4;
        _ = _box.Spool;
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(t =>
                    Task.Run(() =>
                    {
                        for (var i = 1UL; i <= 500; i++)
                        {
                            _box.TryAppend(((ulong)t * 500) + i).ShouldNotBeNull();
                        }
                    })
                )
        );
        _box.Leave();
        _box.Options.Lanes = 1;
        _box.Read().Values.Order().ShouldBe(Enumerable.Range(1, 2_000).Select(n => (ulong)n));
    }

    private async Task<SortedDictionary<(int Lane, ulong Sequence), ulong>> AppendAsync(
        ulong from,
        ulong to
    )
    {
        var appended = new SortedDictionary<(int, ulong), ulong>();
        for (var number = from; number <= to; number++)
        {
            var at = await _box.AppendAsync(number);
            appended.Add((at.Lane, at.Sequence), number);
        }

        return appended;
    }

    private static bool HasRecords(string file) => EndOf(file) > SegmentHeader.Length;

    private static int EndOf(string file) => PlaceOf(file, int.MaxValue);

    private static int PlaceOf(string file, int index)
    {
        var bytes = File.ReadAllBytes(file);
        var offset = SegmentHeader.Length;
        while (
            index-- > 0 && Frame.TryRead(bytes.AsSpan(offset), out var frame) == FrameStatus.Whole
        )
        {
            offset += frame.Size;
        }

        return offset;
    }

    private static void WriteAt(string file, int offset, byte[] bytes)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(handle, bytes, offset);
    }

    private static void SayBoot(SpoolBox box, string boot, string state)
    {
        var path = Path.Combine(box.Folder, "spool");
        File.WriteAllLines(path, [File.ReadAllLines(path)[0], boot, state]);
    }
}
