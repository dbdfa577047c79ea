using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Sync;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ApiSvc.Bench.Gateway.Feeds;

/// <summary>A log of resources with one follower: its state at generation 1, and the changes published after that.</summary>
internal sealed class ResourceFeed(Func<IEnumerable<Resource>> resources)
{
    private const int ChunkBytes = 2 << 20;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly Lazy<StateHash> _first = new(() =>
        resources().Aggregate(StateHash.Empty, (sum, r) => sum.Add(HashOf(r)))
    );
    private readonly Channel<Delta> _deltas = Channel.CreateUnbounded<Delta>();
    private readonly ConcurrentDictionary<ulong, long> _published = new();
    private readonly List<TimeSpan> _delays = [];
    private StateHash? _hash;
    private ulong _generation = 1;
    private ulong _applied;
    private string? _refusal;

    /// <summary>The newest generation.</summary>
    public ulong Generation => Volatile.Read(ref _generation);

    /// <summary>The newest generation that the follower says answers calls.</summary>
    public ulong Applied => Volatile.Read(ref _applied);

    /// <summary>Why the follower did not take something; null: it took all.</summary>
    public string? Refusal => Volatile.Read(ref _refusal);

    /// <summary>How long each published change took until the follower said that it was applied.</summary>
    public IReadOnlyList<TimeSpan> TakeDelays()
    {
        lock (_delays)
        {
            TimeSpan[] taken = [.. _delays];
            _delays.Clear();
            return taken;
        }
    }

    /// <summary>Puts a resource instead of another.</summary>
    public void Publish(Resource before, Resource after)
    {
        var from = _generation;
        _hash = (_hash ?? _first.Value).Subtract(HashOf(before)).Add(HashOf(after));
        _published[from + 1] = Stopwatch.GetTimestamp();
        Volatile.Write(ref _generation, from + 1);
        _deltas.Writer.TryWrite(
            new()
            {
                FromGeneration = from,
                ToGeneration = from + 1,
                Changes = { new Change { Put = after } },
                Hash = Bytes(_hash.Value),
                CommittedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow),
            }
        );
    }

    public async Task WatchAsync(
        Follower follower,
        IServerStreamWriter<Update> stream,
        CancellationToken cancellationToken
    )
    {
        // Deltas are kept for nobody: one that comes back would need those it missed.
        if (follower.HaveGeneration == 0)
        {
            foreach (var chunk in Snapshot())
            {
                await stream.WriteAsync(new Update { Snapshot = chunk }, cancellationToken);
            }
        }
        else if (follower.HaveGeneration != Generation)
        {
            throw new RpcException(new Status(StatusCode.OutOfRange, "It has lost contact."));
        }

        await stream.WriteAsync(
            new Update
            {
                CaughtUp = new()
                {
                    Generation = Math.Max(follower.HaveGeneration, 1),
                    Hash = Bytes(_hash ?? _first.Value),
                },
            },
            cancellationToken
        );
        while (true)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Heartbeat);
            Update update;
            try
            {
                update = new() { Delta = await _deltas.Reader.ReadAsync(limit.Token) };
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                update = new() { Heartbeat = new() { Generation = Generation } };
            }

            await stream.WriteAsync(update, cancellationToken);
        }
    }

    public void Acknowledge(Acknowledgement said)
    {
        var now = Stopwatch.GetTimestamp();
        if (said.Refusal is { } refusal)
        {
            Volatile.Write(ref _refusal, refusal.Reason);
        }
        else if (said.Quarantined is [var first, ..])
        {
            Volatile.Write(ref _refusal, $"{first.Pointer} {first.Reason}");
        }

        lock (_delays)
        {
            foreach (var generation in _published.Keys.Where(g => g <= said.Applied).ToList())
            {
                if (_published.TryRemove(generation, out var at))
                {
                    _delays.Add(Stopwatch.GetElapsedTime(at, now));
                }
            }
        }

        Volatile.Write(ref _applied, Math.Max(said.Applied, Applied));
    }

    private IEnumerable<SnapshotChunk> Snapshot()
    {
        var hash = StateHash.Empty;
        var chunk = new SnapshotChunk { Generation = 1, First = true };
        var bytes = 0;
        foreach (var resource in resources())
        {
            if (bytes > ChunkBytes)
            {
                yield return chunk;
                chunk = new() { Generation = 1 };
                bytes = 0;
            }

            hash = hash.Add(HashOf(resource));
            chunk.Resources.Add(resource);
            bytes += resource.CalculateSize();
        }

        chunk.Last = true;
        chunk.Hash = Bytes(hash);
        yield return chunk;
    }

    private static StateHash HashOf(Resource resource) =>
        StateHash.Of(resource.Kind, resource.Id.Span, resource.Body.Span);

    private static ByteString Bytes(StateHash hash) => ByteString.CopyFrom(hash.ToArray());
}
