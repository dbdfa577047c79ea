using System.Globalization;
using System.Runtime.InteropServices;
using KafkaBroker.Protocol;

namespace KafkaBroker.Storage;

/// <summary>The log of one partition: segments, of which the last is appended to.</summary>
internal sealed class PartitionLog : IDisposable
{
    private static readonly TimeSpan ProducerMemory = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly TopicConfig _config;
    private readonly bool _flush;
    private readonly List<Segment> _segments = [];
    private readonly ProducerStates _producers = new();
    private readonly HashSet<AppendWaiter> _waiters = [];
    private bool _closed;

    private PartitionLog(string folder, TopicConfig config, bool flush)
    {
        _folder = folder;
        _config = config;
        _flush = flush;
    }

    public long StartOffset => _segments[0].BaseOffset;

    public long EndOffset => Active.NextOffset;

    private Segment Active => _segments[^1];

    /// <param name="folder">Is created if it is not there.</param>
    /// <param name="flush">Whether batches are on the disk, not only with the operating system, when they are acknowledged.</param>
    /// <param name="onTorn">Is told which file had how many bytes behind its last whole batch; they are cut off.</param>
    public static PartitionLog Open(
        string folder,
        TopicConfig config,
        bool flush,
        Action<string, long> onTorn
    )
    {
        Directory.CreateDirectory(folder);
        var log = new PartitionLog(folder, config, flush);
        log._segments.AddRange(
            Directory
                .EnumerateFiles(folder, "*" + Segment.LogExtension)
                .Select(file =>
                    long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture)
                )
                .Order()
                .Select(offset => new Segment(folder, offset))
        );
        log.Recover(onTorn);
        if (log._segments.Count == 0)
        {
            log._segments.Add(new(folder, 0));
        }

        return log;
    }

    /// <summary>Appends a checked batch; its offset is written into it.</summary>
    public AppendResult Append(Memory<byte> batch, BatchHeader header)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return new(ErrorCode.UnknownTopicOrPartition);
            }

            var error = _producers.Check(header, out var duplicateOf);
            if (error != ErrorCode.None || duplicateOf is not null)
            {
                return new(error, duplicateOf ?? -1, StartOffset);
            }

            if (Active.Length > 0 && Active.Length + batch.Length > _config.SegmentBytes)
            {
                Roll();
            }

            var placed = header with { BaseOffset = EndOffset };
            BatchHeader.Place(batch.Span, placed.BaseOffset);
            Active.Append(batch.Span, placed);
            if (_flush)
            {
                Active.Flush();
            }

            _producers.Add(placed);
            Signal();
            return new(ErrorCode.None, placed.BaseOffset, StartOffset);
        }
    }

    /// <param name="maxBytes">How much to read at most.</param>
    /// <param name="evenIfLarger">Read one batch also if it is larger.</param>
    public ReadResult Read(long offset, int maxBytes, bool evenIfLarger)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return new(ErrorCode.UnknownTopicOrPartition);
            }

            if (offset < StartOffset || offset > EndOffset)
            {
                return new(ErrorCode.OffsetOutOfRange, StartOffset, EndOffset);
            }

            return new(
                ErrorCode.None,
                StartOffset,
                EndOffset,
                offset == EndOffset ? null : Region(offset, maxBytes, evenIfLarger)
            );
        }
    }

    /// <returns>
    /// The first batch with a record that is not older, by its first offset and its newest timestamp; null if there is
    /// none. The record itself may come later in the batch, which can be compressed.
    /// </returns>
    public (long Offset, long Timestamp)? Find(long timestamp)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return null;
            }

            var segment = _segments.Find(each => each.MaxTimestamp >= timestamp);
            return segment
                ?.From(segment.BaseOffset)
                .Where(batch => batch.Header.MaxTimestamp >= timestamp)
                .Select(batch =>
                    ((long, long)?)(batch.Header.BaseOffset, batch.Header.MaxTimestamp)
                )
                .FirstOrDefault();
        }
    }

    public (long Start, long End) Offsets()
    {
        lock (_gate)
        {
            return (StartOffset, EndOffset);
        }
    }

    /// <summary>Deletes the segments that are too old or too many, never the one that is appended to.</summary>
    public void Retain(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _producers.Expire((now - ProducerMemory).ToUnixTimeMilliseconds());
            var oldest =
                _config.RetentionMs < 0
                    ? long.MinValue
                    : now.ToUnixTimeMilliseconds() - _config.RetentionMs;
            if (Active.Length > 0 && Active.IsOlderThan(oldest))
            {
                Roll();
            }

            var bytes = _segments.Sum(segment => segment.Length);
            while (
                _segments.Count > 1
                && (
                    _segments[0].IsOlderThan(oldest)
                    || (
                        _config.RetentionBytes >= 0
                        && bytes - _segments[0].Length >= _config.RetentionBytes
                    )
                )
            )
            {
                bytes -= _segments[0].Length;
                _segments[0].Delete();
                _segments.RemoveAt(0);
            }
        }
    }

    public void Watch(AppendWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Add(waiter);
        }
    }

    public void Unwatch(AppendWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Remove(waiter);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _closed = true;
                _segments.ForEach(segment => segment.Dispose());
                Signal();
            }
        }
    }

    private FileRegion? Region(long offset, int maxBytes, bool evenIfLarger)
    {
        var index = _segments.FindLastIndex(segment => segment.BaseOffset <= offset);

        // A segment that lost its end to damage leaves a gap before the next.
        var segment =
            offset < _segments[index].NextOffset ? _segments[index] : _segments[index + 1];
        var (position, first) = segment.From(offset).First();
        var end = Math.Max(segment.EndWithin(position, maxBytes), position + first.Size);
        var length = (int)Math.Min(end - position, int.MaxValue);
        return length <= maxBytes || evenIfLarger ? segment.Region(position, length) : null;
    }

    private void Roll()
    {
        Active.Seal();
        var next = new Segment(_folder, EndOffset);
        _producers.Save(next.ProducersPath);
        _segments.Add(next);
    }

    private void Recover(Action<string, long> onTorn)
    {
        // The producers' states are known at the start of a segment; from there on the batches tell.
        var known = _segments.FindLastIndex(segment => _producers.TryLoad(segment.ProducersPath));
        for (var i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            var isBefore = i < known;
            if (isBefore && segment.TryLoadSeal())
            {
                continue;
            }

            var torn = SegmentRecovery.Recover(
                segment,
                header =>
                {
                    if (!isBefore)
                    {
                        _producers.Add(header);
                    }
                }
            );
            if (torn > 0)
            {
                onTorn(segment.LogPath, torn);
            }
        }
    }

    private void Signal()
    {
        foreach (var waiter in _waiters)
        {
            waiter.Signal();
        }
    }
}

/// <param name="BaseOffset">Where the batch is, also when it was there before; -1 with an error.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AppendResult(
    ErrorCode Error,
    long BaseOffset = -1,
    long StartOffset = -1
);

/// <param name="Records">Whole batches, the first with the offset asked for; null if there are none. To be disposed.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReadResult(
    ErrorCode Error,
    long StartOffset = -1,
    long EndOffset = -1,
    FileRegion? Records = null
);
