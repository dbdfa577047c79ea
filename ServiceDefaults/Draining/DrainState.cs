using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Draining;

/// <summary>
/// Shuts down in order: unready, then wait for load balancers, then end long streams; after this the host stops,
/// which for Kestrel means no new connections, <c>Connection: close</c> or GOAWAY, and waiting for calls under way.
/// </summary>
internal sealed partial class DrainState(
    IOptions<DrainOptions> options,
    IOptions<HostOptions> host,
    TimeProvider time,
    ILogger<DrainState> logger
) : IDrainState, IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _streams = new();
    private int _draining;

    public bool IsDraining => Volatile.Read(ref _draining) != 0;

    public CancellationToken DrainToken => _streams.Token;

    public void Begin()
    {
        if (Interlocked.Exchange(ref _draining, 1) == 0)
        {
            Log.Draining(logger, options.Value.Delay, options.Value.Timeout);
        }
    }

    // Runs before any hosted service, Kestrel included, is stopped.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Begin();
        if (DrainToken.IsCancellationRequested)
        {
            // Stopped before: a host may be stopped again when it is disposed.
            return;
        }

        try
        {
            await Task.Delay(options.Value.Delay, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The time to stop in is over already: streams end at once.
        }

        await _streams.CancelAsync();
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // The host gives all of stopping one limit, the waiting included. Set once options were validated: the host
        // reads its own before that, and would fail on the first mistake.
        host.Value.ShutdownTimeout = options.Value.Delay + options.Value.Timeout;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _streams.Dispose();

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Draining: unready now, stops listening in {Delay}, then waits up to {Timeout} for calls under way"
        )]
        public static partial void Draining(ILogger logger, TimeSpan delay, TimeSpan timeout);
    }
}
