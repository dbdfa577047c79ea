using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Eventing;

/// <summary>Something that happened to the application.</summary>
public interface IDistributedApplicationEvent;

/// <summary>Something that happened to a resource.</summary>
public interface IDistributedApplicationResourceEvent : IDistributedApplicationEvent
{
    /// <summary>The resource.</summary>
    IResource Resource { get; }
}

/// <summary>Tells what happens.</summary>
public interface IDistributedApplicationEventing
{
    /// <summary>Calls when something of a type happens.</summary>
    DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent;

    /// <summary>Calls when something of a type happens to a resource.</summary>
    DistributedApplicationEventSubscription Subscribe<T>(
        IResource resource,
        Func<T, CancellationToken, Task> callback
    )
        where T : IDistributedApplicationResourceEvent;

    /// <summary>Calls no more.</summary>
    void Unsubscribe(DistributedApplicationEventSubscription subscription);

    /// <summary>Calls all who subscribed, one after the other.</summary>
    Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent;
}

/// <summary>Who is to be called.</summary>
public class DistributedApplicationEventSubscription(
    Func<IDistributedApplicationEvent, CancellationToken, Task> callback
)
{
    /// <summary>What is called.</summary>
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; } = callback;
}

internal sealed class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private readonly ConcurrentQueue<(
        Type Type,
        DistributedApplicationEventSubscription Subscription
    )> _subscriptions = new();
    private readonly ConcurrentDictionary<DistributedApplicationEventSubscription, bool> _gone =
        new();

    public DistributedApplicationEventSubscription Subscribe<T>(
        Func<T, CancellationToken, Task> callback
    )
        where T : IDistributedApplicationEvent
    {
        var subscription = new DistributedApplicationEventSubscription(
            (e, ct) => callback((T)e, ct)
        );
        _subscriptions.Enqueue((typeof(T), subscription));
        return subscription;
    }

    public DistributedApplicationEventSubscription Subscribe<T>(
        IResource resource,
        Func<T, CancellationToken, Task> callback
    )
        where T : IDistributedApplicationResourceEvent =>
        Subscribe<T>(
            (e, ct) => ReferenceEquals(e.Resource, resource) ? callback(e, ct) : Task.CompletedTask
        );

    public void Unsubscribe(DistributedApplicationEventSubscription subscription) =>
        _gone[subscription] = true;

    public async Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        foreach (var (type, subscription) in _subscriptions)
        {
            if (type.IsInstanceOfType(@event) && !_gone.ContainsKey(subscription))
            {
                await subscription.Callback(@event, cancellationToken);
            }
        }
    }
}
