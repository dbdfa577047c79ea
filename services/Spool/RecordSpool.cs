using ApiSvc.Spool.Lanes;
using ApiSvc.Spool.Segments;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Spool;

/// <summary>
/// Keeps finished Protobuf messages on the own disk until Kafka has them. Appending is a copy into memory that is the
/// file's: without a system call, without allocating, without a lock that others than its lane's share. A record that was
/// appended is there after <c>kill -9</c>. Where there is no room it is dropped and counted; nothing ever waits for the
/// disk or for Kafka.
/// </summary>
public sealed class RecordSpool : IDisposable
{
    /// <summary>The longest record. One fits into a batch of 256 KiB.</summary>
    public const int MaxRecordBytes = (256 << 10) - 128;

    private readonly SpoolFolder _folder;
    private readonly LaneAppender[] _appenders;
    private readonly LaneIds[] _ids;
    private readonly SegmentKeeper _keeper;
    private bool _isDisposed;

    internal RecordSpool(SpoolFolder folder, SegmentKeeper keeper)
    {
        _folder = folder;
        _keeper = keeper;
        _appenders = [.. folder.Lanes.Select(l => l.Appender).OfType<LaneAppender>()];
        _ids = [.. _appenders.Select(_ => new LaneIds())];
    }

    /// <summary>The numbering of what is appended now.</summary>
    public Guid Id => _folder.Id;

    internal IReadOnlyList<SpoolLane> Lanes => _folder.Lanes;

    internal SegmentKeeper Keeper => _keeper;

    /// <summary>Opens a folder and goes on where the process before ended.</summary>
    /// <exception cref="IOException">The folder cannot be used, or another process does.</exception>
    public static RecordSpool Open(
        SpoolOptions options,
        TimeProvider time,
        ILogger<RecordSpool> logger
    )
    {
        var folder = SpoolFolder.Open(options, time, logger);
        var keeper = new SegmentKeeper(folder, options, time, logger);
        var spool = new RecordSpool(folder, keeper);
        keeper.Begin();
        return spool;
    }

    /// <summary>Appends what a writer writes.</summary>
    /// <typeparam name="TState">What the record is made of.</typeparam>
    /// <param name="maxLength">How long the record is at most, 1 to <see cref="MaxRecordBytes"/>.</param>
    /// <param name="state">Given to the writer.</param>
    /// <param name="write">Writes it; static, so that nothing is allocated.</param>
    /// <param name="position">Where it is.</param>
    /// <returns>Whether it is there: not if there is no room, or the writer had nothing to write.</returns>
    public bool TryAppend<TState>(
        int maxLength,
        TState state,
        SpoolWriter<TState> write,
        out SpoolPosition position
    )
        where TState : allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLength, MaxRecordBytes);
        ArgumentNullException.ThrowIfNull(write);
        var home = Home();
        ulong sequence;
        for (var i = 0; i < _appenders.Length; i++)
        {
            var lane = (home + i) % _appenders.Length;
            var result = _appenders[lane].TryAppend(maxLength, state, write, out sequence);
            if (result is AppendResult.Appended or AppendResult.Nothing)
            {
                position = new(lane, sequence);
                return result == AppendResult.Appended;
            }
        }

        position = default;
        if (
            _appenders[home].AppendOrDrop(maxLength, state, write, out sequence)
            != AppendResult.Appended
        )
        {
            return false;
        }

        position = new(home, sequence);
        return true;
    }

    /// <summary>A UUIDv7 for a record. Those of a lane are each greater than the one before.</summary>
    /// <param name="unixMilliseconds">The time, which the caller has read already.</param>
    public Guid NewId(long unixMilliseconds)
    {
        var home = Home();
        for (var i = 0; i < _ids.Length; i++)
        {
            if (_ids[(home + i) % _ids.Length].TryNext(unixMilliseconds, out var id))
            {
                return id;
            }
        }

        return _ids[home].Next(unixMilliseconds);
    }

    /// <summary>What it holds and what it had to drop.</summary>
    public SpoolStatus Status => _keeper.Status();

    /// <summary>Takes no more records, and leaves the folder to the next process.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _keeper.Dispose();
        _folder.Close();
    }

    // Threads that run on different processors do not meet.
    private int Home() => (int)((uint)Thread.GetCurrentProcessorId() % (uint)_appenders.Length);
}
