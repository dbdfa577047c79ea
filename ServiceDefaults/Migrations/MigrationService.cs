using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Migrations;

/// <summary>
/// Migrates the database beside the starting service, and tries again until it is there and well: a service starts
/// without its database and says so.
/// </summary>
internal sealed partial class MigrationService(
    MigrationRunner runner,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<MigrationService> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(15));
        while (true)
        {
            try
            {
                var applied = await runner.RunAsync(stoppingToken);
                Log.Ready(logger, applied);
                ready.Set();
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // A refused migration is tried again as well: it costs nothing, and what was wrong may be put right.
                ready.Fail(e is MigrationException ? e.Message : $"Postgres: {e.Message}");
                var delay = backoff.Next();
                Log.Failed(logger, e, delay);
                await Task.Delay(delay, time, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "The database has the schema of this build; {Applied} migrations were missing"
        )]
        public static partial void Ready(ILogger logger, int applied);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The database has not the schema of this build; next try in {Delay}"
        )]
        public static partial void Failed(ILogger logger, Exception exception, TimeSpan delay);
    }
}
