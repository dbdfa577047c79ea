namespace ApiSvc.Catalog.Subscriptions;

/// <summary>Where a subscription is in its life; numbered as in the contract. Only an active one works at the gateway.</summary>
internal enum SubscriptionState
{
    Pending = 1,
    Active = 2,
    Rejected = 3,
    Suspended = 4,
    Cancelled = 5,
    Expired = 6,
}

/// <summary>Who can take a step.</summary>
[Flags]
internal enum Parties
{
    None = 0,

    /// <summary>The team of the API, by those who may approve.</summary>
    Provider = 1,

    /// <summary>The team of the application, by those who may subscribe.</summary>
    Consumer = 2,

    /// <summary>The catalog itself: time passed, or what it depends on was deleted.</summary>
    Catalog = 4,
}

/// <summary>A step that a subscription can take, and who takes it.</summary>
internal sealed record SubscriptionTransition(
    SubscriptionState From,
    SubscriptionState To,
    Parties By
);

/// <summary>The whole table of a subscription's states: what is not here is not possible.</summary>
internal static class SubscriptionTransitions
{
    private const Parties Anyone = Parties.Provider | Parties.Consumer | Parties.Catalog;

    public static IReadOnlyList<SubscriptionTransition> All { get; } =
    [
        new(SubscriptionState.Pending, SubscriptionState.Active, Parties.Provider),
        new(SubscriptionState.Pending, SubscriptionState.Rejected, Parties.Provider),
        // Withdrawn before it was decided.
        new(
            SubscriptionState.Pending,
            SubscriptionState.Cancelled,
            Parties.Consumer | Parties.Catalog
        ),
        new(SubscriptionState.Active, SubscriptionState.Suspended, Parties.Provider),
        new(SubscriptionState.Suspended, SubscriptionState.Active, Parties.Provider),
        new(SubscriptionState.Active, SubscriptionState.Cancelled, Anyone),
        new(SubscriptionState.Suspended, SubscriptionState.Cancelled, Anyone),
        new(SubscriptionState.Active, SubscriptionState.Expired, Parties.Catalog),
        new(SubscriptionState.Suspended, SubscriptionState.Expired, Parties.Catalog),
    ];

    public static IEnumerable<SubscriptionTransition> From(SubscriptionState state) =>
        All.Where(t => t.From == state);

    /// <returns>Null where it is not possible.</returns>
    public static SubscriptionTransition? Find(SubscriptionState from, SubscriptionState to) =>
        All.FirstOrDefault(t => t.From == from && t.To == to);
}
