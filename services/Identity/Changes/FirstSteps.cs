using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.Changes;

/// <summary>What a starting instance puts in order in the database, once; safe to repeat.</summary>
internal interface IFirstStep
{
    /// <param name="services">A scope with a unit of work of its own.</param>
    /// <param name="cancellationToken">Ends it with the service.</param>
    Task RunAsync(IServiceProvider services, CancellationToken cancellationToken);
}

/// <summary>Runs the first steps beside the starting service, and each again until it is done.</summary>
internal sealed partial class FirstSteps(
    IEnumerable<IFirstStep> steps,
    IServiceScopeFactory scopes,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<FirstSteps> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Completes when all are done.</summary>
    public Task Done => _done.Task;

    private readonly TaskCompletionSource _done = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        foreach (var step in steps)
        {
            while (!await TryAsync(step, stoppingToken))
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
        }

        _done.TrySetResult();
    }

    private async Task<bool> TryAsync(IFirstStep step, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await step.RunAsync(scope.ServiceProvider, cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, e, step.GetType().Name, Pause);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Step} failed; next try in {Pause}")]
        public static partial void Failed(
            ILogger logger,
            Exception exception,
            string step,
            TimeSpan pause
        );
    }
}
