using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Health;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>One replica of a resource: starts it, watches it, stops it. Nothing is started again by itself.</summary>
internal sealed partial class ResourceInstance(
    IResource resource,
    string id,
    int index,
    ILocalServer server,
    InstanceServices services
) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ILogger _logger = services.Logs.GetLogger(id);
    private CancellationTokenSource _life = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _hasEnded;
    private bool _isReady;

    public IResource Resource => resource;

    public string Id => id;

    /// <summary>Starts it in the background, unless it is starting or running.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_hasEnded)
            {
                // Whoever saw it end may start it, although its last health check may still be under way.
                await _running.WaitAsync(cancellationToken);
            }

            if (_running.IsCompleted)
            {
                _hasEnded = false;
                _life.Dispose();
                _life = new CancellationTokenSource();
                await PublishAsync(s =>
                    s with
                    {
                        State = KnownResourceStates.Starting,
                        ExitCode = null,
                        StopTimeStamp = null,
                        HealthReports = HealthMonitor.Unknown(resource),
                    }
                );
                _running = Task.Run(() => RunAsync(_life.Token), CancellationToken.None);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends it, and waits until it has ended.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_running.IsCompleted)
            {
                await _life.CancelAsync();
                await _running.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _gate.Dispose();
        _life.Dispose();
    }

    private async Task RunAsync(CancellationToken life)
    {
        ReplicaScope.Enter(resource, index);
        var context = new LocalServerContext(resource, services.Local, _logger, life);
        ManagedProcess process;
        try
        {
            await WaitForDependenciesAsync(life);
            process = await StartProcessAsync(context);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            await EndAsync(KnownResourceStates.Exited, exitCode: null);
            return;
        }
        catch (Exception e)
        {
            // Whatever keeps it from starting is told in its log; others go on.
            LogFailed(_logger, e is DistributedApplicationException ? null : e, id, e.Message);
            await EndAsync(
                new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
                exitCode: null
            );
            return;
        }

        using var watch = CancellationTokenSource.CreateLinkedTokenSource(life);
        var health = WatchHealthAsync(context, watch.Token);
        await WatchProcessAsync(process, life, watch);
        await health;
    }

    private async Task WaitForDependenciesAsync(CancellationToken ct)
    {
        if (resource.Annotations.OfType<WaitAnnotation>().Any())
        {
            await PublishAsync(s => s with { State = KnownResourceStates.Waiting });
            await services.Notifications.WaitForDependenciesAsync(resource, ct);
            await PublishAsync(s => s with { State = KnownResourceStates.Starting });
        }
    }

    private async Task<ManagedProcess> StartProcessAsync(LocalServerContext context)
    {
        EndpointAllocation.Check(resource, index);
        var variables = await ResourceEnvironment.VariablesAsync(context, services.Execution);
        var plan = await server.PrepareAsync(context);
        plan = plan with
        {
            Environment = variables,
            Arguments = [.. plan.Arguments, .. await ResourceEnvironment.ArgumentsAsync(context)],
        };
        context.CancellationToken.ThrowIfCancellationRequested();
        var process = await ManagedProcess.StartAsync(
            plan,
            (line, isError) => services.Logs.Write(id, line, isError)
        );
        LogStarted(_logger, id, process.Id);
        await PublishAsync(s =>
            s with
            {
                State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
                StartTimeStamp = DateTime.UtcNow,
                EnvironmentVariables =
                [
                    .. variables.Select(v => new EnvironmentVariableSnapshot(
                        v.Key,
                        v.Value,
                        IsFromSpec: true
                    )),
                ],
                Properties =
                [
                    new("executable.path", plan.Program),
                    new("executable.pid", process.Id),
                ],
            }
        );
        return process;
    }

    private async Task WatchProcessAsync(
        ManagedProcess process,
        CancellationToken life,
        CancellationTokenSource watch
    )
    {
        var told = false;
        try
        {
            await process.Exited.WaitAsync(life);
        }
        catch (OperationCanceledException)
        {
            told = true;
            _isReady = false;
            await PublishAsync(s => s with { State = KnownResourceStates.Stopping });
            await process.StopAsync(Patience);
        }

        var code = await process.Exited;
        await watch.CancelAsync();
        _isReady = false;
        if (!told)
        {
            LogEnded(_logger, code == 0 ? LogLevel.Information : LogLevel.Error, id, code);
        }

        var failed = code != 0 && !told;
        await EndAsync(
            new(
                told || failed ? KnownResourceStates.Exited : KnownResourceStates.Finished,
                failed ? KnownResourceStateStyles.Error : null
            ),
            code
        );
    }

    private async Task WatchHealthAsync(LocalServerContext context, CancellationToken ct)
    {
        var children = Task.CompletedTask;
        try
        {
            await foreach (var reports in services.Health.WatchAsync(resource, ct))
            {
                if (!_isReady && HealthMonitor.AreHealthy(reports))
                {
                    await server.ReadyAsync(context with { CancellationToken = ct });
                    _isReady = true;
                    await PublishAsync(s => s.WithHealthReports(reports));
                    children = Task.WhenAll(Children().Select(child => RunChildAsync(child, ct)));
                    await services.Eventing.PublishAsync(
                        new ResourceReadyEvent(resource, services.Provider),
                        ct
                    );
                }
                else
                {
                    await PublishAsync(s => s.WithHealthReports(reports));
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // It ended.
        }
        catch (Exception e)
        {
            // It runs, and stays unhealthy: what comes with it could not be made.
            LogNotReady(_logger, e, id);
        }

        await children;
    }

    private async Task RunChildAsync(IResource child, CancellationToken ct)
    {
        await services.Notifications.PublishUpdateAsync(
            child,
            s =>
                s with
                {
                    State = new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
                    StartTimeStamp = DateTime.UtcNow,
                    HealthReports = HealthMonitor.Unknown(child),
                }
        );
        try
        {
            await foreach (var reports in services.Health.WatchAsync(child, ct))
            {
                await services.Notifications.PublishUpdateAsync(
                    child,
                    s => s.WithHealthReports(reports)
                );
            }
        }
        catch (OperationCanceledException)
        {
            // The parent ended.
        }
    }

    private Task EndAsync(ResourceStateSnapshot? state, int? exitCode)
    {
        _hasEnded = true;
        return PublishAsync(s =>
            s with
            {
                State = state,
                ExitCode = exitCode,
                StopTimeStamp = DateTime.UtcNow,
                HealthReports = HealthMonitor.Unknown(resource),
            }
        );
    }

    private async Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        await services.Notifications.PublishUpdateAsync(resource, id, change);
        if (
            !_isReady
            && services.Notifications.TryGetCurrentState(id, out var own)
            && own.Snapshot.State?.Text != KnownResourceStates.Running
        )
        {
            // What is there with this one is not there without it.
            foreach (var child in Children())
            {
                await services.Notifications.PublishUpdateAsync(
                    child,
                    s => s with { State = own.Snapshot.State, HealthReports = [] }
                );
            }
        }
    }

    private IEnumerable<IResourceWithParent> Children() =>
        services
            .Model.Resources.OfType<IResourceWithParent>()
            .Where(child => ReferenceEquals(child.Parent, resource));

    [LoggerMessage(Level = LogLevel.Error, Message = "{Id} could not be started: {Reason}")]
    private static partial void LogFailed(ILogger logger, Exception? e, string id, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Id} runs as process {Pid}.")]
    private static partial void LogStarted(ILogger logger, string id, int pid);

    [LoggerMessage(Message = "{Id} ended by itself with exit code {Code}.")]
    private static partial void LogEnded(ILogger logger, LogLevel level, string id, int code);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Id} runs, but is not ready.")]
    private static partial void LogNotReady(ILogger logger, Exception e, string id);
}
