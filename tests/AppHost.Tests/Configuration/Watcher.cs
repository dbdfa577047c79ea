using System.Collections.Concurrent;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ApiSvc.AppHost.Tests.Configuration;

/// <summary>What a node says that it has when it connects.</summary>
internal enum Claim
{
    Nothing,
    ItsState,

    /// <summary>Its generation, with a hash that nobody ever had there.</summary>
    AnotherState,
}

/// <summary>A node that serves nothing: it follows, checks all that comes and acknowledges it.</summary>
/// <param name="catalog">The Catalog, called as a gateway.</param>
/// <param name="node">Its name.</param>
/// <param name="acknowledges">Whether it says what it has.</param>
internal sealed class Watcher(
    GatewayConfig.GatewayConfigClient catalog,
    string node,
    bool acknowledges = true
) : IAsyncDisposable
{
    public const string Group = "sandbox";

    private CancellationTokenSource _leaving = new();
    private Task _reading = Task.CompletedTask;
    private volatile bool _isCaughtUp;

    public string Node => node;

    public WatchedState State { get; private set; } = new();

    /// <summary>Changes as they arrived, by the generation that they led to; when it was committed and when it was here.</summary>
    public ConcurrentDictionary<
        ulong,
        (DateTimeOffset Committed, DateTimeOffset Arrived)
    > Arrivals { get; } = new();

    /// <summary>Whole states that came since it was made.</summary>
    public int Snapshots { get; private set; }

    public async Task ConnectAsync(Claim claim = Claim.Nothing)
    {
        await LeaveAsync();
        State = claim == Claim.Nothing ? new() : State;
        var follower = new Follower
        {
            Group = Group,
            Node = node,
            Build = "watcher",
            HaveGeneration = State.Generation,
            HaveHash = claim switch
            {
                Claim.Nothing => ByteString.Empty,
                Claim.ItsState => State.Hash,
                _ => ByteString.CopyFrom([.. State.Hash.Span[1..], State.Hash[0]]),
            },
        };
        _isCaughtUp = false;
        _leaving = new();
        _reading = ReadAsync(follower, _leaving.Token);
        await HoldsAsync(() => _isCaughtUp, "has caught up");
    }

    public Task ReachesAsync(ulong generation) =>
        HoldsAsync(() => State.Generation >= generation, $"is at generation {generation}");

    /// <summary>Ends its stream.</summary>
    public async Task LeaveAsync()
    {
        await _leaving.CancelAsync();
        await _reading;
        _leaving.Dispose();
        _leaving = new();
        _reading = Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        _leaving.Dispose();
    }

    // What was wrong with what came is told instead of waiting in vain.
    private async Task HoldsAsync(Func<bool> condition, string what)
    {
        await Eventually.HoldsAsync(
            () => condition() || _reading.IsCompleted,
            $"{node} {what}, it is at {State.Generation}"
        );
        if (!condition())
        {
            await _reading;
            throw new InvalidOperationException($"The stream ended before {node} {what}.");
        }
    }

    private async Task ReadAsync(Follower follower, CancellationToken leaving)
    {
        try
        {
            using var call = catalog.WatchConfig(follower, cancellationToken: leaving);
            await foreach (var update in call.ResponseStream.ReadAllAsync(leaving))
            {
                await TakeAsync(update, leaving);
            }
        }
        catch (Exception e)
            when (leaving.IsCancellationRequested
                && e
                    is OperationCanceledException
                        or RpcException { StatusCode: StatusCode.Cancelled }
            )
        {
            // It left.
        }
    }

    private async Task TakeAsync(Update update, CancellationToken leaving)
    {
        var isAnother = State.Accept(update);
        if (update.Delta is { More: false } delta)
        {
            Arrivals[delta.ToGeneration] = (
                delta.CommittedAt.ToDateTimeOffset(),
                DateTimeOffset.UtcNow
            );
        }

        Snapshots += update.Snapshot is { Last: true } ? 1 : 0;
        _isCaughtUp |= update.CaughtUp is not null;
        if (isAnother && acknowledges)
        {
            await catalog.AcknowledgeAsync(
                new Acknowledgement
                {
                    Group = Group,
                    Node = node,
                    Applied = State.Generation,
                    Durable = State.Generation,
                    Hash = State.Hash,
                },
                cancellationToken: leaving
            );
        }
    }
}
