using ApiSvc.Spool.Segments;

namespace ApiSvc.Spool.Lanes;

/// <summary>
/// Puts records at the end of a lane: a copy into memory that is the file. Files are made and removed elsewhere; here a
/// full one is left for the prepared one.
/// </summary>
internal sealed class LaneAppender(SpoolClock clock)
{
    private LaneGate _gate;
    private Segment? _current;
    private Segment? _prepared;
    private ulong _sequence = 1;
    private long _appended;
    private long _dropped;
    private bool _isClosed;

    /// <summary>Where records go; null while there is no room on the disk.</summary>
    public Segment? Current => Volatile.Read(ref _current);

    /// <summary>Whether it waits for a segment to be made.</summary>
    public bool NeedsSegment =>
        Volatile.Read(ref _prepared) is null && !Volatile.Read(ref _isClosed);

    public long Appended => Volatile.Read(ref _appended);

    /// <summary>Records for which there was no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Goes on where an earlier process ended.</summary>
    public void Continue(ulong sequence) => _sequence = sequence;

    /// <summary>Gives it the segment that it takes when the current one is full.</summary>
    public void Prepare(Segment segment) => Volatile.Write(ref _prepared, segment);

    /// <summary>Takes the prepared segment as the current one before the first record needs it.</summary>
    public void Begin()
    {
        _gate.Enter();
        if (_current is null && !_isClosed)
        {
            Change();
        }

        _gate.Leave();
    }

    public AppendResult TryAppend<TState>(
        int maxLength,
        TState state,
        SpoolWriter<TState> write,
        out ulong sequence
    )
        where TState : allows ref struct
    {
        sequence = 0;
        return _gate.TryEnter()
            ? Append(maxLength, state, write, out sequence)
            : AppendResult.InUse;
    }

    public AppendResult AppendOrDrop<TState>(
        int maxLength,
        TState state,
        SpoolWriter<TState> write,
        out ulong sequence
    )
        where TState : allows ref struct
    {
        _gate.Enter();
        var result = Append(maxLength, state, write, out sequence);
        if (result == AppendResult.NoRoom)
        {
            Drop();
        }

        return result;
    }

    /// <summary>Takes no more records: afterwards all are dropped.</summary>
    /// <returns>The segment that was prepared for nothing.</returns>
    public Segment? Close()
    {
        _gate.Enter();
        _isClosed = true;
        var unused = _prepared;
        _current?.Seal();
        _current = null;
        _prepared = null;
        _gate.Leave();
        return unused;
    }

    private AppendResult Append<TState>(
        int maxLength,
        TState state,
        SpoolWriter<TState> write,
        out ulong sequence
    )
        where TState : allows ref struct
    {
        sequence = 0;
        try
        {
            var segment = _current;
            if (segment is null || segment.Room < Frame.SizeOf(maxLength))
            {
                segment = Change();
                if (segment is null)
                {
                    return AppendResult.NoRoom;
                }
            }

            var frame = segment.Take(maxLength);
            var length = write(state, frame[Frame.HeaderLength..]);
            if (length <= 0)
            {
                return AppendResult.Nothing;
            }

            sequence = _sequence;
            segment.Commit(frame, length, sequence, clock.Now);
            _sequence++;
            _appended++;
            return AppendResult.Appended;
        }
        finally
        {
            _gate.Leave();
        }
    }

    private Segment? Change()
    {
        var next = Volatile.Read(ref _prepared);
        if (next is null)
        {
            return null;
        }

        _current?.Seal();
        next.Activate(_sequence);
        Volatile.Write(ref _current, next);
        Volatile.Write(ref _prepared, null);
        return next;
    }

    // It takes its sequence with it: the gap tells consumers that a record is missing.
    private void Drop()
    {
        _gate.Enter();
        _sequence++;
        _dropped++;
        _gate.Leave();
    }
}

internal enum AppendResult
{
    Appended,

    /// <summary>The writer had nothing to record.</summary>
    Nothing,

    /// <summary>Another thread is at it.</summary>
    InUse,

    /// <summary>The segment is full, and there is no other.</summary>
    NoRoom,
}
