namespace ApiSvc.Gateway.Sync;

/// <summary>Makes what serves calls from what a log says; one for the configuration, one for the credentials.</summary>
internal interface IStateBuilder
{
    /// <summary>What this build can apply, as resources name it in <see cref="SyncedResource.RequiredFeatures"/>.</summary>
    IReadOnlyList<string> Features => [];

    /// <summary>
    /// Builds the next immutable state, off the request path, from everything that is unchanged, and swaps it in.
    /// Calls do not overlap. One that throws refuses the state as a whole; the one before stays in force.
    /// </summary>
    /// <param name="state">All resources.</param>
    /// <param name="changed">What was put or deleted since the last call that did not throw; null: everything may have.</param>
    /// <param name="cancellationToken">The gateway stops.</param>
    /// <returns>The resources of <paramref name="state"/> that are set aside, all of them and not only new ones.</returns>
    ValueTask<IReadOnlyList<Quarantined>> ApplyAsync(
        ResourceSet state,
        IReadOnlyList<ResourceKey>? changed,
        CancellationToken cancellationToken
    );
}
