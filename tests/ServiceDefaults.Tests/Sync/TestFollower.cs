using System.Collections.Concurrent;
using System.Diagnostics;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Testing;
using Grpc.Core;

namespace ApiSvc.ServiceDefaults.Tests.Sync;

/// <summary>Follows a log, checking everything that comes.</summary>
internal sealed class TestFollower : IAsyncDisposable
{
    private readonly AsyncServerStreamingCall<Update> _call;
    private readonly Task _reading;

    public TestFollower(AsyncServerStreamingCall<Update> call, ReplayedState state)
    {
        _call = call;
        State = state;
        _reading = ReadAsync();
    }

    public ReplayedState State { get; }

    /// <summary>When each generation was there.</summary>
    public ConcurrentDictionary<ulong, long> Arrivals { get; } = new();

    public ulong Generation { get; private set; }

    public bool IsCaughtUp { get; private set; }

    public int Heartbeats { get; private set; }

    public async Task CaughtUpAsync() =>
        await HoldsAsync(() => IsCaughtUp, "the follower has caught up");

    public async Task ReachesAsync(ulong generation) =>
        await HoldsAsync(() => Generation >= generation, $"the follower is at {generation}");

    public async Task HoldsAsync(Func<bool> condition, string what)
    {
        await Eventually.HoldsAsync(() => condition() || _reading.IsCompleted, what);
        if (!condition())
        {
            await _reading;
            throw new InvalidOperationException($"The stream ended before {what}.");
        }
    }

    /// <summary>How the stream ended.</summary>
    public async Task<Exception?> EndAsync()
    {
        try
        {
            await _reading.WaitAsync(TimeSpan.FromSeconds(20));
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await EndAsync();
    }

    private async Task ReadAsync()
    {
        while (await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            var update = _call.ResponseStream.Current;
            State.Accept(update);
            Arrivals.TryAdd(State.Position.Generation, Stopwatch.GetTimestamp());
            Generation = State.Position.Generation;
            IsCaughtUp |= update.CaughtUp is not null;
            Heartbeats += update.Heartbeat is null ? 0 : 1;
        }
    }
}
