using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Npgsql;

namespace ApiSvc.Identity.Keys;

/// <summary>Keeps the signing keys as the database has them: makes the first ones, and reads them anew when they change.</summary>
internal sealed partial class SigningKeyReader(
    NpgsqlDataSource database,
    SigningKeyStore store,
    SigningKeys keys,
    IServiceScopeFactory scopes,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<SigningKeyReader> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // Should a notification be lost, they are read anyway.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                keys.Fail(e is SigningKeyException ? e.Message : $"Postgres: {e.Message}");
                Log.NotRead(logger, e, keys.All.Count, Pause);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (keys.All.Count == 0)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope
                .ServiceProvider.GetRequiredService<SigningKeyRotation>()
                .TurnAsync(Actor.System("identity"), cancellationToken);
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"listen {SigningKeyStore.Channel}", db))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        var known = "";
        while (true)
        {
            var read = await store.ReadAsync(db);
            keys.Use(read);
            var ids = string.Join(' ', read.Select(k => k.Row.KeyId));
            if (ids != known)
            {
                Log.Read(logger, ids);
                known = ids;
            }

            await db.WaitAsync(LongestWait, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Signing keys: {KeyIds}")]
        public static partial void Read(ILogger logger, string keyIds);

        [LoggerMessage(
            LogLevel.Error,
            "The signing keys were not read, {Count} are known; next try in {Pause}"
        )]
        public static partial void NotRead(
            ILogger logger,
            Exception exception,
            int count,
            TimeSpan pause
        );
    }
}
