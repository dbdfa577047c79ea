using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Sync;
using Google.Protobuf;

namespace ApiSvc.ServiceDefaults.Tests.Sync;

/// <summary>The state of a follower, as plainly as the contract says it; every message is held against it.</summary>
internal sealed class ReplayedState
{
    private readonly List<Change> _parts = [];

    public Dictionary<(uint Kind, ByteString Id), ByteString> Resources { get; } = [];

    public LogPosition Position { get; private set; }

    public List<string> Messages { get; } = [];

    public void Accept(Update update)
    {
        Messages.Add(update.UpdateCase.ToString());
        switch (update.UpdateCase)
        {
            case Update.UpdateOneofCase.Snapshot:
                Accept(update.Snapshot);
                break;
            case Update.UpdateOneofCase.Delta:
                Accept(update.Delta);
                break;
            case Update.UpdateOneofCase.CaughtUp:
                Expect(update.CaughtUp.Generation, update.CaughtUp.Hash);
                break;
            case Update.UpdateOneofCase.Heartbeat:
                update.Heartbeat.Generation.ShouldBe(Position.Generation);
                break;
        }
    }

    private void Accept(SnapshotChunk chunk)
    {
        if (chunk.First)
        {
            Resources.Clear();
        }

        foreach (var resource in chunk.Resources)
        {
            Resources.Add((resource.Kind, resource.Id), resource.Body);
        }

        if (chunk.Last)
        {
            Move(chunk.Generation);
            Expect(chunk.Generation, chunk.Hash);
        }
    }

    private void Accept(Delta delta)
    {
        delta.FromGeneration.ShouldBe(Position.Generation);
        delta.ToGeneration.ShouldBeGreaterThan(delta.FromGeneration);
        _parts.AddRange(delta.Changes);
        if (delta.More)
        {
            return;
        }

        foreach (var change in _parts)
        {
            if (change.Put is { } put)
            {
                Resources[(put.Kind, put.Id)] = put.Body;
            }
            else
            {
                Resources.Remove((change.Delete.Kind, change.Delete.Id));
            }
        }

        _parts.Clear();
        Move(delta.ToGeneration);
        Expect(delta.ToGeneration, delta.Hash);
    }

    private void Move(ulong generation) =>
        Position = new(
            generation,
            Resources.Aggregate(
                StateHash.Empty,
                (sum, r) => sum.Add(StateHash.Of(r.Key.Kind, r.Key.Id.Span, r.Value.Span))
            )
        );

    private void Expect(ulong generation, ByteString hash) =>
        new LogPosition(generation, StateHash.Read(hash.Span)).ShouldBe(Position);
}
