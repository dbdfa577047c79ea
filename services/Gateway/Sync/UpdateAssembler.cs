using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Sync;

namespace ApiSvc.Gateway.Sync;

/// <summary>The other side broke the protocol, or what it sent is not what it has: the state has to be sent whole.</summary>
internal sealed class SyncProtocolException(string message) : Exception(message);

/// <summary>Makes states from the messages of a stream, and holds each against its hash.</summary>
/// <param name="start">What the follower said it has.</param>
internal sealed class UpdateAssembler(ResourceSet start)
{
    private readonly List<Resource> _snapshot = [];
    private readonly List<Change> _changes = [];
    private ResourceSet _current = start;
    private bool _inSnapshot;

    /// <returns>A state, when the message completed one.</returns>
    /// <exception cref="SyncProtocolException">Start again, with nothing.</exception>
    public ReceivedState? Accept(Update update) =>
        update.UpdateCase switch
        {
            Update.UpdateOneofCase.Snapshot => Accept(update.Snapshot),
            Update.UpdateOneofCase.Delta => Accept(update.Delta),
            Update.UpdateOneofCase.CaughtUp => Accept(update.CaughtUp),
            // Heartbeats, and what a newer version may say beside.
            _ => null,
        };

    private ReceivedState? Accept(SnapshotChunk chunk)
    {
        if (chunk.First)
        {
            _snapshot.Clear();
            _inSnapshot = true;
        }
        else if (!_inSnapshot)
        {
            throw new SyncProtocolException("A snapshot came without its beginning.");
        }

        _snapshot.AddRange(chunk.Resources);
        if (!chunk.Last)
        {
            return null;
        }

        _current = Checked(ResourceSet.Create(_snapshot, chunk.Generation), chunk.Hash.Span);
        _snapshot.Clear();
        _inSnapshot = false;
        return new(_current, null, []);
    }

    private ReceivedState? Accept(Delta delta)
    {
        if (_inSnapshot || delta.FromGeneration != _current.Generation)
        {
            throw new SyncProtocolException(
                $"Changes from generation {delta.FromGeneration} came at {_current.Generation}."
            );
        }

        _changes.AddRange(delta.Changes);
        if (delta.More)
        {
            return null;
        }

        Change[] changes = [.. _changes];
        _changes.Clear();
        _current = Checked(_current.With(changes, delta.ToGeneration), delta.Hash.Span);
        return new(_current, changes, delta.CommittedAt is { } at ? [at.ToDateTimeOffset()] : []);
    }

    private ReceivedState? Accept(CaughtUp caughtUp)
    {
        if (_inSnapshot || caughtUp.Generation != _current.Generation)
        {
            throw new SyncProtocolException(
                $"Told to be caught up with generation {caughtUp.Generation} at {_current.Generation}."
            );
        }

        Checked(_current, caughtUp.Hash.Span);
        return null;
    }

    private static ResourceSet Checked(ResourceSet state, ReadOnlySpan<byte> hash) =>
        StateHash.TryRead(hash, out var expected) && expected == state.Hash
            ? state
            : throw new SyncProtocolException(
                $"The state at generation {state.Generation} has the hash {state.Hash}, not {Convert.ToHexStringLower(hash)}."
            );
}
