using ApiSvc.BrokerTests.Brokers;
using FsCheck;
using FsCheck.Fluent;
using KafkaBroker.Protocol;
using KafkaBroker.Storage;

namespace ApiSvc.BrokerTests.Storage;

public sealed class PartitionLogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_TailCutAtEveryByte_KeepsTheWholeBatches()
    {
        int[] payloads = [10, 0, 33, 5];
        var ends = new List<long> { 0 };
        using (var log = Open())
        {
            foreach (var payload in payloads)
            {
                log.Append(
                    Batches.Make(
                        count: 2,
                        payload: payload,
                        producerId: 1,
                        epoch: 0,
                        sequence: 2 * (ends.Count - 1)
                    )
                );
                ends.Add(ends[^1] + BatchHeader.Bytes + payload);
            }
        }

        var whole = File.ReadAllBytes(Directory.GetFiles(_folder.Path, "*.log").Single());
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            using var copy = new TempFolder();
            var file = Path.Combine(copy.Path, new string('0', 20) + ".log");
            File.WriteAllBytes(file, whole[..cut]);
            var batches = ends.Count(end => end <= cut) - 1;

            using var log = Open(copy.Path);

            log.EndOffset.ShouldBe(2 * batches, $"cut at {cut}");
            new FileInfo(file).Length.ShouldBe(ends[batches]);
            var next = log.Append(Batches.Make(producerId: 1, epoch: 0, sequence: 2 * batches));
            next.ShouldBe(new(ErrorCode.None, 2 * batches, 0));
        }
    }

    [Fact]
    public void Open_AnyByteOfTheTailChanged_KeepsWhatIsBefore()
    {
        using (var log = Open())
        {
            log.Append(Batches.Make());
            log.Append(Batches.Make());
        }

        var path = Directory.GetFiles(_folder.Path, "*.log").Single();
        var whole = File.ReadAllBytes(path);
        var second = whole.Length / 2;
        for (var i = second; i < whole.Length; i++)
        {
            // The leader epoch says nothing here, and is not under the checksum.
            if (i - second is >= 12 and < 16)
            {
                continue;
            }

            var damaged = (byte[])whole.Clone();
            damaged[i] ^= 0x80;
            File.WriteAllBytes(path, damaged);

            using var log = Open();
            log.EndOffset.ShouldBe(1, $"byte {i - second}");
        }
    }

    [Fact]
    public void ReadAndOpen_AnyAppends_GiveBackEveryBatch() =>
        Prop.ForAll<byte[]>(sizes =>
            {
                using var folder = new TempFolder();
                var config = TopicConfig.Default with { SegmentBytes = 2000 };
                var expected = new List<(long First, long Last)>();
                using (var log = Open(folder.Path, config))
                {
                    foreach (var size in sizes)
                    {
                        var count = (size % 5) + 1;
                        var at = log.Append(Batches.Make(count, payload: size * 3)).BaseOffset;
                        expected.Add((at, at + count - 1));
                    }
                }

                using var again = Open(folder.Path, config);
                return expected.TrueForAll(batch =>
                        FirstOffset(again, batch.First) == batch.First
                        && FirstOffset(again, batch.Last) == batch.First
                    )
                    && again.EndOffset == (expected.Count == 0 ? 0 : expected[^1].Last + 1);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Read_Limits_AreKeptInWholeBatches()
    {
        using var log = Open();
        for (var i = 0; i < 100; i++)
        {
            log.Append(Batches.Make(payload: 4000));
        }

        var batch = BatchHeader.Bytes + 4000;
        Length(log, 0, 50_000).ShouldBeInRange(50_000 - (2 * batch), 50_000);
        (Length(log, 0, 50_000) % batch).ShouldBe(0);
        Length(log, 0, 10, evenIfLarger: true).ShouldBe(batch);
        Length(log, 0, 10).ShouldBe(0);
        Length(log, 100, 50_000).ShouldBe(0);
        log.Read(101, 10, evenIfLarger: true).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
    }

    [Fact]
    public void Append_Sequences_DuplicatesAreKnownAlsoAfterRestart()
    {
        var config = TopicConfig.Default with { SegmentBytes = 300 };
        using (var log = Open(config: config))
        {
            for (var i = 0; i < 8; i++)
            {
                log.Append(Sequenced(i)).BaseOffset.ShouldBe(i);
            }
        }

        for (var restart = 0; restart < 2; restart++)
        {
            using var log = Open(config: config);
            log.Append(Sequenced(7)).ShouldBe(new(ErrorCode.None, 7, 0));
            log.Append(Sequenced(5)).BaseOffset.ShouldBe(5);
            log.Append(Sequenced(9)).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
            log.Append(Sequenced(0)).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
            log.Append(Sequenced(8, epoch: -1)).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
            log.EndOffset.ShouldBe(8);
        }
    }

    [Fact]
    public void Retain_ByBytesAndAge_DeletesTheOldestSegments()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(100_000);
        using var log = Open(
            config: TopicConfig.Default with
            {
                SegmentBytes = 300,
                RetentionBytes = 1000,
                RetentionMs = 60_000,
            }
        );
        for (var i = 0; i < 40; i++)
        {
            log.Append(Batches.Make(timestamp: now.ToUnixTimeMilliseconds()));
        }

        log.Retain(now);
        log.StartOffset.ShouldBeInRange(20, 30);
        log.Read(0, 1000, evenIfLarger: true).Error.ShouldBe(ErrorCode.OffsetOutOfRange);

        log.Retain(now.AddMinutes(2));
        (log.StartOffset, log.EndOffset).ShouldBe((40L, 40L));
        log.Append(Batches.Make()).BaseOffset.ShouldBe(40);
    }

    [Fact]
    public void Region_SegmentDeletedMeanwhile_IsStillRead()
    {
        var log = Open(config: TopicConfig.Default with { RetentionMs = 1 });
        log.Append(Batches.Make());
        using var region = log.Read(0, 1000, evenIfLarger: true).Records.ShouldNotBeNull();

        log.Retain(DateTimeOffset.UtcNow);
        log.Dispose();

        var bytes = new byte[region.Length];
        region.Read(bytes, 0);
        BatchHeader.TryParse(bytes, out _).ShouldBeTrue();
    }

    private static byte[] Sequenced(int sequence, short epoch = 0) =>
        Batches.Make(producerId: 5, epoch: epoch, sequence: sequence);

    private static int Length(PartitionLog log, long offset, int max, bool evenIfLarger = false)
    {
        using var records = log.Read(offset, max, evenIfLarger).Records;
        return records?.Length ?? 0;
    }

    private static long FirstOffset(PartitionLog log, long offset)
    {
        using var records = log.Read(offset, 1, evenIfLarger: true).Records!;
        var bytes = new byte[records.Length];
        records.Read(bytes, 0);
        BatchHeader.TryParse(bytes, out var header).ShouldBeTrue();
        return header.BaseOffset;
    }

    private PartitionLog Open(string? folder = null, TopicConfig? config = null) =>
        PartitionLog.Open(
            folder ?? _folder.Path,
            config ?? TopicConfig.Default,
            flush: false,
            (_, _) => { }
        );
}
