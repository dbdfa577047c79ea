using ApiSvc.Spool.Lanes;
using ApiSvc.Spool.Segments;

namespace ApiSvc.Spool.Shipping;

/// <summary>Reads a lane from its oldest segment on, batch by batch. A broken record is passed over and counted.</summary>
internal sealed class LaneReader(SpoolLane lane)
{
    // A whole batch, and the longest record that may begin in it.
    private readonly byte[] _window = new byte[ShippingOptions.LargestBatch * 2];
    private readonly BatchWriter _writer = new();
    private Segment? _segment;
    private int _offset;
    private ulong _expected;
    private bool _isBroken;

    /// <summary>The next records. They stay the next until they are passed.</summary>
    /// <param name="limit">The longest batch, in bytes.</param>
    /// <returns>Null if there are none now.</returns>
    /// <exception cref="IOException">The disk does not give them.</exception>
    public Batch? Read(int limit)
    {
        while (true)
        {
            if (_segment is null or { IsGone: true } && !TryMove(lane.After(segment: null)))
            {
                return null;
            }

            var segment = _segment!;
            // Asked before it is read: nothing is added to a sealed one.
            var isWhole = segment.IsSealed;
            try
            {
                if (ReadSegment(segment, limit) is { } batch)
                {
                    return batch;
                }
            }
            catch (ObjectDisposedException)
            {
                // Dropped at the spool's bound while it was read.
                continue;
            }

            if (!isWhole)
            {
                return null;
            }

            var next = lane.After(segment);
            CountBroken(next?.FirstSequence ?? segment.EndSequence);
            segment.IsDone = true;
            if (!TryMove(next))
            {
                return null;
            }
        }
    }

    /// <summary>Goes on behind it.</summary>
    public void Pass(Batch batch)
    {
        if (_segment == batch.Segment)
        {
            _offset = batch.EndOffset;
            _expected = batch.EndSequence;
        }
    }

    private bool TryMove(Segment? segment)
    {
        if (segment is null)
        {
            return false;
        }

        _segment = segment;
        _offset = SegmentHeader.Length;
        _expected = Math.Max(segment.FirstSequence, segment.Shipped);
        return true;
    }

    private Batch? ReadSegment(Segment segment, int limit)
    {
        while (true)
        {
            var left = segment.End - _offset;
            var room = _window.AsSpan(0, Math.Min(left, _window.Length));
            var bytes = room[..segment.Read(room, _offset)];
            if (bytes.Length < Frame.HeaderLength)
            {
                return null;
            }

            var at = FindFirst(bytes);
            if (
                at < bytes.Length
                && Frame.TryRead(bytes[at..], out var first) == FrameStatus.Whole
                && first.Sequence >= _expected
            )
            {
                CountBroken(first.Sequence);
                _expected = first.Sequence;
                _offset += at;
                return Fill(segment, bytes[at..], first.Time, limit, left - at);
            }

            // The rest is no whole record: at the end of a file that was cut off, none at all.
            if (at == 0)
            {
                _offset = segment.End;
                return null;
            }

            _offset += at;
        }
    }

    // Passes what Kafka has and what is broken.
    private int FindFirst(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            switch (Frame.TryRead(bytes[at..], out var frame))
            {
                case FrameStatus.Whole when frame.Sequence >= _expected:
                case FrameStatus.Incomplete:
                    return at;
                case FrameStatus.Whole:
                    at += frame.Size;
                    break;
                default:
                    _isBroken = true;
                    Frame.TryFind(bytes[at..], _expected, out var next);
                    at += next;
                    break;
            }
        }

        return at;
    }

    private Batch Fill(
        Segment segment,
        ReadOnlySpan<byte> bytes,
        long oldestAt,
        int limit,
        int left
    )
    {
        _writer.Begin(segment.Header.SpoolId, segment.Header.Lane, _expected);
        var at = 0;
        while (
            Frame.TryRead(bytes[at..], out var frame) == FrameStatus.Whole
            && frame.Sequence == _expected + (ulong)_writer.Count
            && _writer.TryAdd(frame.Record, limit)
        )
        {
            at += frame.Size;
        }

        return new()
        {
            Value = _writer.ToArray(),
            Segment = segment,
            FirstSequence = _expected,
            Count = _writer.Count,
            EndOffset = _offset + at,
            OldestAt = oldestAt,
            IsFull = at < left,
        };
    }

    private void CountBroken(ulong next)
    {
        if (_isBroken && next > _expected)
        {
            lane.CountCorrupted((long)(next - _expected));
        }

        _isBroken = false;
    }
}
