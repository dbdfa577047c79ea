using ApiSvc.Gateway.Routing;

namespace ApiSvc.Gateway.State;

/// <summary>What the configuration log says, compiled.</summary>
internal sealed record ConfigurationState
{
    public static ConfigurationState Empty { get; } = new();

    /// <summary>The generation of the configuration log that this is.</summary>
    public ulong Generation { get; init; }

    public RouteTable<ApiState> Routes { get; init; } = RouteTable<ApiState>.Empty;

    public ShardedMap<Guid, ApiState> Apis { get; init; } = ShardedMap<Guid, ApiState>.Empty;

    public ShardedMap<Guid, PlanState> Plans { get; init; } = ShardedMap<Guid, PlanState>.Empty;

    public ShardedMap<Guid, ApplicationState> Applications { get; init; } =
        ShardedMap<Guid, ApplicationState>.Empty;

    public ShardedMap<Guid, SubscriptionState> SubscriptionsById { get; init; } =
        ShardedMap<Guid, SubscriptionState>.Empty;

    public ShardedMap<
        (Guid Application, Guid Api),
        SubscriptionState[]
    > Subscriptions { get; init; } = ShardedMap<(Guid, Guid), SubscriptionState[]>.Empty;

    public PlanState? Plan(Guid id) => Plans.Find(id);

    public bool HasApplication(Guid id) => Applications.Find(id) is not null;

    public ReadOnlySpan<SubscriptionState> SubscriptionsOf(Guid application, Guid api) =>
        Subscriptions.Find((application, api));
}
