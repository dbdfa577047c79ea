using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Logs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the application's resources as long as the host runs.</summary>
internal sealed partial class Orchestrator(
    InstanceServices services,
    IDashboard dashboard,
    ResourceLogForwarder forwarder,
    ILogger<DistributedApplication> logger
) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private List<ResourceInstance> _instances = [];
    private Task _announcement = Task.CompletedTask;

    public ResourceInstance? Find(string id) =>
        _instances.Find(i => string.Equals(i.Id, id, StringComparison.OrdinalIgnoreCase));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        forwarder.Start();
        services.Local.Data.Open();
        await dashboard.StartAsync(cancellationToken);
        await services.Eventing.PublishAsync(
            new BeforeStartEvent(services.Provider, services.Model),
            cancellationToken
        );
        foreach (var resource in services.Model.Resources)
        {
            EndpointAllocation.Allocate(resource);
            await PublishFirstAsync(resource, cancellationToken);
        }

        _instances = [.. services.Model.Resources.SelectMany(Instances)];
        await services.Eventing.PublishAsync(
            new AfterResourcesCreatedEvent(services.Provider, services.Model),
            cancellationToken
        );
        foreach (
            var instance in _instances.Where(i =>
                !i.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any()
            )
        )
        {
            await instance.StartAsync(cancellationToken);
        }

        _announcement = AnnounceAsync(_stopping.Token);
    }

    /// <summary>Ends what nothing waits for any more, then what that waited for, and so on.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _announcement;
        var left = _instances.ToList();
        while (left.Count > 0)
        {
            var next = left.Where(i => !left.Exists(other => DependsOn(other, i))).ToList();

            // A circle of waits never started, so its order does not matter.
            next = next.Count > 0 ? next : left;
            await Task.WhenAll(next.Select(i => i.StopAsync(cancellationToken)));
            left = [.. left.Except(next)];
        }

        await dashboard.StopAsync(cancellationToken);
        forwarder.Stop();
    }

    public void Dispose()
    {
        _stopping.Dispose();
        foreach (var instance in _instances)
        {
            instance.Dispose();
        }
    }

    private static bool DependsOn(ResourceInstance one, ResourceInstance other) =>
        one
            .Resource.Annotations.OfType<WaitAnnotation>()
            .Any(wait =>
                ReferenceEquals(wait.Resource, other.Resource)
                || (
                    wait.Resource is IResourceWithParent child
                    && ReferenceEquals(child.Parent, other.Resource)
                )
            );

    private IEnumerable<ResourceInstance> Instances(IResource resource) =>
        resource.Annotations.OfType<ILocalServer>().LastOrDefault() is { } server
            ? resource
                .Ids()
                .Select((id, i) => new ResourceInstance(resource, id, i, server, services))
            : [];

    private async Task PublishFirstAsync(IResource resource, CancellationToken ct)
    {
        var state = resource is ParameterResource parameter
            ? await StateOfAsync(parameter, ct)
            : new(KnownResourceStates.NotStarted, KnownResourceStateStyles.Info);
        await services.Notifications.PublishUpdateAsync(
            resource,
            s =>
                s with
                {
                    State = state,
                    CreationTimeStamp = DateTime.UtcNow,
                    Relationships = [.. Relationships(resource)],
                }
        );
        foreach (var (id, replica) in resource.Ids().Select((id, i) => (id, i)))
        {
            await services.Notifications.PublishUpdateAsync(
                resource,
                id,
                s =>
                    s with
                    {
                        Urls =
                        [
                            .. resource
                                .Annotations.OfType<EndpointAnnotation>()
                                .Select(e => new UrlSnapshot(
                                    e.Name,
                                    e.Allocated[replica].UriString,
                                    IsInternal: !e.IsExternal
                                )),
                        ],
                    }
            );
        }
    }

    private async Task<ResourceStateSnapshot> StateOfAsync(
        ParameterResource parameter,
        CancellationToken ct
    )
    {
        try
        {
            await parameter.GetValueAsync(ct);
            return new(KnownResourceStates.Running, KnownResourceStateStyles.Success);
        }
        catch (DistributedApplicationException e)
        {
            services.Logs.GetLogger(parameter).LogError("{Reason}", e.Message);
            return new(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Error);
        }
    }

    private static IEnumerable<RelationshipSnapshot> Relationships(IResource resource)
    {
        if (resource is IResourceWithParent child)
        {
            yield return new(child.Parent.Name, "Parent");
        }

        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            yield return new(wait.Resource.Name, "WaitFor");
        }
    }

    private async Task AnnounceAsync(CancellationToken ct)
    {
        try
        {
            await Task.WhenAll(
                _instances
                    .Where(i => !i.Resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
                    .Select(i =>
                        services.Notifications.WaitForResourceAsync(
                            i.Id,
                            e =>
                                e.Snapshot.HealthStatus
                                    == Microsoft
                                        .Extensions
                                        .Diagnostics
                                        .HealthChecks
                                        .HealthStatus
                                        .Healthy
                                || e.Snapshot.State?.Text == KnownResourceStates.Finished,
                            ct
                        )
                    )
            );
            LogReady(logger, _instances.Count);
        }
        catch (OperationCanceledException)
        {
            // Stopped before everything was ready.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "All {Count} resources are ready.")]
    private static partial void LogReady(ILogger logger, int count);
}
