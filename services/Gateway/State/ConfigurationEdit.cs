using ApiSvc.Gateway.Routing;

namespace ApiSvc.Gateway.State;

/// <summary>Collects what differs between a configuration and the next.</summary>
internal sealed class ConfigurationEdit(ConfigurationState before)
{
    private readonly Dictionary<Guid, ApiState?> _apis = [];
    private readonly Dictionary<Guid, SubscriptionState?> _subscriptions = [];

    public ConfigurationState Before => before;

    public Dictionary<Guid, PlanState?> Plans { get; } = [];

    public Dictionary<Guid, ApplicationState?> Applications { get; } = [];

    public void Put(Guid id, ApiState? api) => _apis[id] = api;

    public void Put(Guid id, SubscriptionState? subscription) => _subscriptions[id] = subscription;

    public ConfigurationState End() =>
        before with
        {
            Routes = Routes(),
            Apis = before.Apis.With(_apis),
            Plans = before.Plans.With(Plans),
            Applications = before.Applications.With(Applications),
            SubscriptionsById = before.SubscriptionsById.With(_subscriptions),
            Subscriptions = before.Subscriptions.With(Subscriptions()),
        };

    private RouteTable<ApiState> Routes()
    {
        if (_apis.Count == 0)
        {
            return before.Routes;
        }

        var removed = _apis.Keys.Select(before.Apis.Find).OfType<ApiState>().Select(a => a.Key);
        var added = _apis.Values.OfType<ApiState>().Select(a => new RouteEntry<ApiState>(a.Key, a));
        return before.Routes.With(added, removed);
    }

    private Dictionary<(Guid, Guid), SubscriptionState[]?> Subscriptions()
    {
        var changed = new Dictionary<(Guid, Guid), SubscriptionState[]?>();
        foreach (var (id, after) in _subscriptions)
        {
            if (before.SubscriptionsById.Find(id) is { } old)
            {
                var place = (old.ApplicationId, old.ApiId);
                changed[place] = [.. Now(place).Where(s => s.Id != id)];
            }

            if (after is not null)
            {
                var place = (after.ApplicationId, after.ApiId);
                changed[place] = [.. Now(place).Where(s => s.Id != id), after];
            }
        }

        foreach (var (place, list) in changed)
        {
            changed[place] = list is { Length: 0 } ? null : list;
        }

        return changed;

        SubscriptionState[] Now((Guid, Guid) place) =>
            changed.TryGetValue(place, out var list)
                ? list ?? []
                : before.Subscriptions.Find(place) ?? [];
    }
}
