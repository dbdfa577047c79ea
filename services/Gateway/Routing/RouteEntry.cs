namespace ApiSvc.Gateway.Routing;

/// <summary>What identifies a route.</summary>
/// <param name="Host">Empty for any.</param>
/// <param name="BasePath">Such as <c>/payments/orders</c>; empty or <c>/</c> for all paths.</param>
/// <param name="Version">Tells apart the versions that share host and base path.</param>
internal readonly record struct RouteKey(string Host, string BasePath, Guid Version);

/// <summary>A route and what answers on it.</summary>
internal sealed record RouteEntry<TApi>(RouteKey Key, TApi Api);

/// <summary>Where a request belongs.</summary>
internal readonly ref struct RouteMatch<TApi>(ReadOnlySpan<TApi> candidates, int basePathLength)
{
    /// <summary>The versions at the base path, ordered by their ids; one where the path alone decides.</summary>
    public ReadOnlySpan<TApi> Candidates { get; } = candidates;

    /// <summary>Bytes of the path that are the base path; the operation's path is what follows.</summary>
    public int BasePathLength { get; } = basePathLength;
}
