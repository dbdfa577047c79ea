using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Knows how each resource is, and tells who wants to know.</summary>
public class ResourceNotificationService
{
    private readonly Dictionary<string, ResourceEvent> _states = new(
        StringComparer.OrdinalIgnoreCase
    );
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly Lock _gate = new();
    private readonly WaitBehavior _defaultBehavior;

    internal ResourceNotificationService(WaitBehavior defaultBehavior) =>
        _defaultBehavior = defaultBehavior;

    /// <summary>Changes how a resource is, in all its replicas.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="stateFactory">Makes the new state of the old one.</param>
    public async Task PublishUpdateAsync(
        IResource resource,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory
    )
    {
        foreach (var id in resource.Ids())
        {
            await PublishUpdateAsync(resource, id, stateFactory);
        }
    }

    /// <summary>Changes how one replica is.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="resourceId">The replica.</param>
    /// <param name="stateFactory">Makes the new state of the old one.</param>
    public Task PublishUpdateAsync(
        IResource resource,
        string resourceId,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory
    )
    {
        lock (_gate)
        {
            var old = _states.TryGetValue(resourceId, out var known)
                ? known.Snapshot
                : new() { ResourceType = resource.TypeName(), Properties = [] };
            var changed = new ResourceEvent(resource, resourceId, stateFactory(old));
            _states[resourceId] = changed;
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(changed);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>How a replica is now.</summary>
    public bool TryGetCurrentState(
        string resourceId,
        [NotNullWhen(true)] out ResourceEvent? resourceEvent
    )
    {
        lock (_gate)
        {
            return _states.TryGetValue(resourceId, out resourceEvent);
        }
    }

    /// <summary>How every replica is now, and every change from then on.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_gate)
        {
            foreach (var state in _states.Values)
            {
                channel.Writer.TryWrite(state);
            }

            _watchers.Add(channel);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>Waits until a resource is in a state.</summary>
    /// <param name="resourceName">The resource or replica.</param>
    /// <param name="targetState">The state; null: running.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForResourceAsync(
        string resourceName,
        string? targetState = null,
        CancellationToken cancellationToken = default
    ) =>
        WaitForResourceAsync(
            resourceName,
            [targetState ?? KnownResourceStates.Running],
            cancellationToken
        );

    /// <summary>Waits until a resource is in one of several states.</summary>
    /// <returns>The state.</returns>
    public async Task<string> WaitForResourceAsync(
        string resourceName,
        IEnumerable<string> targetStates,
        CancellationToken cancellationToken = default
    )
    {
        var states = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitForResourceAsync(
            resourceName,
            e => e.Snapshot.State is { } state && states.Contains(state.Text),
            cancellationToken
        );
        return reached.Snapshot.State!.Text;
    }

    /// <summary>Waits until a resource is as expected.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName,
        Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default
    )
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (IsOf(change, resourceName) && predicate(change))
            {
                return change;
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Waits until a resource runs and its health checks pass, by the application's default behaviour.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        CancellationToken cancellationToken = default
    ) => WaitForResourceHealthyAsync(resourceName, _defaultBehavior, cancellationToken);

    /// <summary>Waits until a resource runs and its health checks pass.</summary>
    /// <exception cref="DistributedApplicationException">
    /// It ended or could not start, and <paramref name="waitBehavior"/> is to stop then.
    /// </exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        WaitBehavior waitBehavior,
        CancellationToken cancellationToken = default
    )
    {
        var reached = await WaitForResourceAsync(
            resourceName,
            e =>
                e.Snapshot.HealthStatus == HealthStatus.Healthy
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && HasEnded(e)),
            cancellationToken
        );
        return HasEnded(reached)
            ? throw new DistributedApplicationException(
                $"The resource '{reached.ResourceId}' is {reached.Snapshot.State!.Text}, instead of healthy."
            )
            : reached;
    }

    /// <summary>Waits for all that a resource waits for.</summary>
    /// <exception cref="DistributedApplicationException">One of them cannot be waited for any more.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(
            resource
                .Annotations.OfType<WaitAnnotation>()
                .SelectMany(wait =>
                    wait.Resource.Ids().Select(id => WaitForAsync(wait, id, cancellationToken))
                )
        );

    private async Task WaitForAsync(WaitAnnotation wait, string id, CancellationToken ct)
    {
        var behavior = wait.WaitBehavior ?? _defaultBehavior;
        switch (wait.WaitType)
        {
            case WaitType.WaitUntilHealthy:
                await WaitForResourceHealthyAsync(id, behavior, ct);
                break;
            case WaitType.WaitUntilStarted:
                await WaitForResourceAsync(
                    id,
                    e => e.Snapshot.State?.Text == KnownResourceStates.Running || HasEnded(e),
                    ct
                );
                break;
            default:
                var ended = await WaitForResourceAsync(id, HasEnded, ct);
                var code = ended.Snapshot.ExitCode;
                if (
                    ended.Snapshot.State!.Text == KnownResourceStates.FailedToStart
                    || code != wait.ExitCode
                )
                {
                    throw new DistributedApplicationException(
                        $"The resource '{id}' is {ended.Snapshot.State.Text} with exit code {code}, instead of {wait.ExitCode}."
                    );
                }

                break;
        }
    }

    private static bool HasEnded(ResourceEvent e) =>
        e.Snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    private static bool IsOf(ResourceEvent e, string name) =>
        string.Equals(e.ResourceId, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(e.Resource.Name, name, StringComparison.OrdinalIgnoreCase);
}
