using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>Has what is due sent, some at a time. Every instance does: the queue gives each notification to one.</summary>
internal sealed partial class DeliveryLoop(
    DeliveryQueue queue,
    DeliveryWork work,
    DatabaseReady ready,
    IOptions<AlertOptions> options,
    TimeProvider time,
    ILogger<DeliveryLoop> logger
) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        var backoff = new Backoff(options.Value.DeliveryInterval, LongestPause);
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.Value.DeliveryInterval;
            try
            {
                running.RemoveAll(task => task.IsCompleted);
                if (
                    running.Count < options.Value.Deliveries
                    && await queue.ClaimAsync(stoppingToken) is { } delivery
                )
                {
                    running.Add(SendAsync(delivery, stoppingToken));
                    continue;
                }

                backoff.Reset();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                pause = backoff.Next();
                Log.NotLooked(logger, e, pause);
            }

            var rest = Task.Delay(pause, time, stoppingToken);
            await Task.WhenAny([rest, .. running.Count < options.Value.Deliveries ? [] : running]);
        }

        await Task.WhenAll(running);
    }

    private async Task SendAsync(DeliveryRow delivery, CancellationToken stoppingToken)
    {
        try
        {
            await work.SendAsync(delivery, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It is due again when its lease is over.
        }
        catch (Exception e)
        {
            Log.NotFinished(logger, e, delivery.PublicId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Notifications were not looked for; next try in {Pause}")]
        public static partial void NotLooked(ILogger logger, Exception exception, TimeSpan pause);

        [LoggerMessage(
            LogLevel.Error,
            "What came of the notification {Id} was not written down; it is sent again"
        )]
        public static partial void NotFinished(ILogger logger, Exception exception, string id);
    }
}
