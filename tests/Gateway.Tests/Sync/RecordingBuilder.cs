using System.Collections.Concurrent;
using ApiSvc.Gateway.Sync;

namespace ApiSvc.Gateway.Tests.Sync;

/// <summary>Takes every state, unless the test says otherwise.</summary>
internal sealed class RecordingBuilder : IStateBuilder
{
    public IReadOnlyList<string> Features => ["limits"];

    public ConcurrentQueue<(
        ulong Generation,
        IReadOnlyList<ResourceKey>? Changed
    )> Applied { get; } = new();

    public ResourceSet? Current { get; private set; }

    public Func<ResourceSet, IReadOnlyList<Quarantined>> OnApply { get; set; } = _ => [];

    /// <summary>A build takes until this is done.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async ValueTask<IReadOnlyList<Quarantined>> ApplyAsync(
        ResourceSet state,
        IReadOnlyList<ResourceKey>? changed,
        CancellationToken cancellationToken
    )
    {
        await Gate.WaitAsync(cancellationToken);
        var aside = OnApply(state);
        Current = state;
        Applied.Enqueue((state.Generation, changed));
        return aside;
    }
}
