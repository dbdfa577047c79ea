using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>
/// Hears of commits, in whichever process they happen, and wakes this one's streams: at once for the first of a
/// burst, then once in <see cref="ResourceLogOptions.Coalesce"/>.
/// </summary>
internal sealed partial class ResourceListener(
    NpgsqlDataSource dataSource,
    DatabaseReady ready,
    ResourceFeeds feeds,
    IOptions<ResourceLogOptions> options,
    TimeProvider time,
    ILogger<ResourceListener> logger
) : BackgroundService
{
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                var pause = _backoff.Next();
                Log.Deaf(logger, e, pause);
                await Task.Delay(pause, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"listen {ResourceLog.Channel}", db))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            // Also right after listening began: what was committed before it was told to nobody here.
            await feeds.LookAsync(cancellationToken);
            _backoff.Reset();
            await Task.Delay(options.Value.Coalesce, time, cancellationToken);
            await db.WaitAsync(options.Value.PollInterval, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Hears of no new generations; listens again in {Pause}"
        )]
        public static partial void Deaf(ILogger logger, Exception exception, TimeSpan pause);
    }
}
