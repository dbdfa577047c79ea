using System.Threading.Channels;

namespace ApiSvc.Identity.Links;

/// <summary>
/// Does what an answer must not wait for: so long as it depends on whether an address is known, the time it takes would tell.
/// What is not done when the process dies is asked for again by who misses the e-mail.
/// </summary>
internal sealed partial class DeferredWork(
    IServiceScopeFactory scopes,
    ILogger<DeferredWork> logger
) : BackgroundService
{
    private const int Longest = 1000;

    private readonly Channel<Func<IServiceProvider, CancellationToken, Task>> _queue =
        Channel.CreateBounded<Func<IServiceProvider, CancellationToken, Task>>(Longest);

    /// <summary>Takes it, unless too much waits already.</summary>
    public void Post(Func<IServiceProvider, CancellationToken, Task> work)
    {
        if (!_queue.Writer.TryWrite(work))
        {
            Log.Dropped(logger, Longest);
        }
    }

    /// <inheritdoc />
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        // The rest is still done.
        _queue.Writer.TryComplete();
        return ExecuteTask is { } running
            ? running.WaitAsync(cancellationToken)
            : Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var work in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await work(scope.ServiceProvider, CancellationToken.None);
            }
            catch (Exception e)
            {
                Log.Failed(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "An e-mail that was asked for is not sent: {Count} wait already"
        )]
        public static partial void Dropped(ILogger logger, int count);

        [LoggerMessage(LogLevel.Error, "An e-mail that was asked for is not sent")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
