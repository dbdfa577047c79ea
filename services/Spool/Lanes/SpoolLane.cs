using ApiSvc.Spool.Segments;

namespace ApiSvc.Spool.Lanes;

/// <summary>A lane with its segments, the oldest first, the prepared one last. Appending does not come here.</summary>
internal sealed class SpoolLane(int index, LaneAppender? appender)
{
    private readonly Lock _gate = new();
    private readonly List<Segment> _segments = [];
    private long _lastNumber;
    private long _oldestAt;
    private long _shipped;
    private long _corrupted;
    private long _rejected;

    public int Index => index;

    /// <summary>Null for a lane that an earlier process had: its records are shipped, and none are added.</summary>
    public LaneAppender? Appender => appender;

    /// <summary>Bytes on the disk.</summary>
    public long Length
    {
        get
        {
            lock (_gate)
            {
                return _segments.Sum(s => s.Length);
            }
        }
    }

    public long Shipped => Volatile.Read(ref _shipped);

    /// <summary>Records that could not be read any more.</summary>
    public long Corrupted => Volatile.Read(ref _corrupted);

    /// <summary>Records that Kafka does not take.</summary>
    public long Rejected => Volatile.Read(ref _rejected);

    /// <summary>Unix milliseconds of the oldest record that Kafka does not have; 0 where there is none.</summary>
    public long OldestAt
    {
        get => Volatile.Read(ref _oldestAt);
        set => Volatile.Write(ref _oldestAt, value);
    }

    /// <summary>Records that this process lost.</summary>
    public long Lost => (appender?.Dropped ?? 0) + Corrupted + Rejected;

    private bool MayRemove => appender is null || appender.Current is not null;

    public long TakeNumber() => ++_lastNumber;

    public void Add(Segment segment, long number)
    {
        lock (_gate)
        {
            _segments.Add(segment);
            _lastNumber = Math.Max(_lastNumber, number);
        }
    }

    public void Remove(Segment segment)
    {
        lock (_gate)
        {
            _segments.Remove(segment);
        }
    }

    public Segment[] Segments()
    {
        lock (_gate)
        {
            return [.. _segments];
        }
    }

    /// <summary>What may go: sealed, and not the last one to know the lane's sequence.</summary>
    public IEnumerable<Segment> Removable() => MayRemove ? Segments().Where(s => s.IsSealed) : [];

    /// <summary>Gives back the memory of what is full, and removes what Kafka has.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            for (var i = _segments.Count - 1; i >= 0; i--)
            {
                var segment = _segments[i];
                if (!segment.IsSealed)
                {
                    continue;
                }

                segment.Unmap();
                if (segment.IsDone && MayRemove)
                {
                    _segments.RemoveAt(i);
                    segment.Delete();
                }
            }
        }
    }

    /// <summary>The used segment that comes after another; the first if there is no other.</summary>
    public Segment? After(Segment? segment)
    {
        lock (_gate)
        {
            var next = segment is null ? 0 : _segments.IndexOf(segment) + 1;
            return next < _segments.Count && _segments[next].FirstSequence != 0
                ? _segments[next]
                : null;
        }
    }

    public void CountShipped(long records) => Interlocked.Add(ref _shipped, records);

    public void CountCorrupted(long records) => Interlocked.Add(ref _corrupted, records);

    public void CountRejected(long records) => Interlocked.Add(ref _rejected, records);
}
