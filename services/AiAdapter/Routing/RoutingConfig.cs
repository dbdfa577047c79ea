using ApiSvc.AiAdapter.Providers;

namespace ApiSvc.AiAdapter.Routing;

internal enum RoutingStrategy
{
    /// <summary>The first that is well, in the order they stand.</summary>
    Priority,

    /// <summary>By chance, in proportion to the weights.</summary>
    Weighted,
    LeastLatency,
    LeastCost,
    LeastBusy,
}

/// <summary>A name that clients use, and what stands behind it.</summary>
/// <param name="Attempts">The most tries of one call.</param>
/// <param name="OnRefusal">Whether another deployment is asked when a provider's filter refuses.</param>
internal sealed record VirtualModel(
    string Name,
    RoutingStrategy Strategy,
    IReadOnlyList<Target> Targets,
    int Attempts = 3,
    bool OnRefusal = false
);

/// <summary>One deployment of a virtual model.</summary>
/// <param name="Deployment">Without a key: its keys are the pool's.</param>
/// <param name="Priority">Lower ones first; the strategy chooses among equals.</param>
/// <param name="Cost">Micro-units a million tokens, for the least cost; null counts as the dearest.</param>
internal sealed record Target(
    Deployment Deployment,
    IReadOnlyList<PoolKey> Keys,
    int Priority = 0,
    int Weight = 1,
    long? Cost = null
);

/// <summary>A provider's key with its limits; null is no limit.</summary>
/// <param name="Name">Not the key itself.</param>
internal sealed record PoolKey(
    string Name,
    Credential Credential,
    int? RequestsPerMinute = null,
    long? TokensPerMinute = null,
    int? Parallel = null
);

/// <summary>What a call asks of a deployment.</summary>
/// <param name="Tokens">Of the prompt, estimated.</param>
internal sealed record RouteNeeds(
    long Tokens = 0,
    bool Tools = false,
    bool Vision = false,
    bool StructuredOutput = false
)
{
    public bool MetBy(ModelTraits traits) =>
        !(Tools && !traits.Tools)
        && !(Vision && !traits.Vision)
        && !(StructuredOutput && !traits.StructuredOutput)
        && !(Tokens > traits.ContextTokens);
}

internal sealed record RoutingOptions
{
    /// <summary>Failures in a row after which a deployment rests.</summary>
    public int FailuresBeforeRest { get; init; } = 3;

    /// <summary>The first rest; each further one is twice as long.</summary>
    public TimeSpan FirstRest { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan LongestRest { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Of a key that met its rate limit, where the provider does not say.</summary>
    public TimeSpan RateLimitRest { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Of a key that is refused, or has no quota left.</summary>
    public TimeSpan KeyRest { get; init; } = TimeSpan.FromMinutes(10);
}
