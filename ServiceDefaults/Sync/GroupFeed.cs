using System.Collections.Concurrent;
using ApiSvc.Contracts.Sync.V1;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>
/// One group in this process: wakes its streams, and reads what they are to be sent once for all that are at the
/// same place.
/// </summary>
internal sealed class GroupFeed(string group, ResourceLogReader reader) : IDisposable
{
    private readonly ConcurrentDictionary<LogPosition, Lazy<Task<LogPart?>>> _changes = new();
    private readonly Lock _heading = new();
    private readonly SemaphoreSlim _snapshotting = new(1);
    private readonly WeakReference<LogPart?> _snapshot = new(null);
    private TaskCompletionSource _moved = NewSignal();
    private LogPosition _head;

    /// <summary>The newest position known here.</summary>
    public LogPosition Head
    {
        get
        {
            lock (_heading)
            {
                return _head;
            }
        }
    }

    /// <summary>Takes the position that the log was seen at.</summary>
    public void MoveTo(LogPosition head)
    {
        TaskCompletionSource moved;
        lock (_heading)
        {
            if (head == _head)
            {
                return;
            }

            _head = head;
            moved = _moved;
            _moved = NewSignal();
        }

        // What was read before ends before the new head.
        _changes.Clear();
        moved.SetResult();
    }

    /// <summary>Waits until the log is elsewhere, at most so long.</summary>
    public async Task WaitAsync(
        LogPosition position,
        TimeSpan atMost,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        Task moved;
        lock (_heading)
        {
            if (_head != position)
            {
                return;
            }

            moved = _moved.Task;
        }

        await moved
            .WaitAsync(atMost, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The changes since a position, or a snapshot where the log does not know it.</summary>
    public async Task<LogPart> ReadAsync(LogPosition since, CancellationToken cancellationToken)
    {
        // Not under the caller's token: others may await the same read.
        var reading = _changes.GetOrAdd(
            since,
            key => new(() => reader.ChangesAsync(group, key, CancellationToken.None))
        );
        LogPart? part;
        try
        {
            part = await reading.Value.WaitAsync(cancellationToken);
        }
        catch
        {
            _changes.TryRemove(KeyValuePair.Create(since, reading));
            throw;
        }

        part ??= await SnapshotAsync(cancellationToken);
        Overtake(part.End);
        return part;
    }

    /// <summary>Whether what a follower has is a state of this log.</summary>
    public async Task<bool> KnowsAsync(Follower follower, CancellationToken cancellationToken) =>
        StateHash.TryRead(follower.HaveHash.Span, out var hash)
        && await reader.KnowsAsync(group, new(follower.HaveGeneration, hash), cancellationToken);

    /// <summary>The whole state, as of now or of some moments ago while the log leads on from there.</summary>
    public async Task<LogPart> SnapshotAsync(CancellationToken cancellationToken)
    {
        // One at a time, so that many nodes that come back together cost one read.
        await _snapshotting.WaitAsync(cancellationToken);
        try
        {
            if (
                _snapshot.TryGetTarget(out var kept)
                && await reader.KnowsAsync(group, kept!.End, cancellationToken)
            )
            {
                return kept;
            }

            var read = await reader.SnapshotAsync(group, cancellationToken);
            _snapshot.SetTarget(read);
            return read;
        }
        finally
        {
            _snapshotting.Release();
        }
    }

    public void Dispose() => _snapshotting.Dispose();

    // A read may see more than the last notification told; else the reader would come back at once for nothing.
    private void Overtake(LogPosition seen)
    {
        if (seen.Generation > Head.Generation)
        {
            MoveTo(seen);
        }
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
