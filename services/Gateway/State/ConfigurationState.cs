using ApiSvc.Gateway.Exchanges;
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

    /// <summary>The caller's application; null where there is none.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="api">What is called, whose subscriptions will be asked for next.</param>
    public ApplicationState? ApplicationOf(Caller caller, Guid api) =>
        StandingOf(caller, api).Application;

    /// <summary>The subscriptions of the caller's application to that API.</summary>
    public ReadOnlySpan<SubscriptionState> SubscriptionsOf(Caller caller, Guid api)
    {
        var standing = StandingOf(caller, api);
        return standing.ApiId == api
            ? standing.OfApi
            : Subscriptions.Find((caller.ApplicationId, api));
    }

    // The look-ups read a dozen places in memory that mostly are in no cache; what was found stays with the caller, which
    // is read anyway.
    private CallerStanding StandingOf(Caller caller, Guid api)
    {
        var standing = caller.Standing;
        if (
            standing is null
            || standing.Applications != Applications.Version
            || standing.Subscriptions != Subscriptions.Version
        )
        {
            standing = new(
                Applications.Version,
                Subscriptions.Version,
                Applications.Find(caller.ApplicationId),
                api,
                Subscriptions.Find((caller.ApplicationId, api)) ?? []
            );
            caller.Standing = standing;
        }

        return standing;
    }
}
