using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.Keys;

/// <summary>Gets the signing keys beside the starting service, and tries again until it has them.</summary>
internal sealed partial class SigningKeyReader(
    SigningKeyStore store,
    SigningKeys keys,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<SigningKeyReader> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                keys.Use(await store.ReadOrCreateAsync(stoppingToken));
                Log.Read(logger, keys.All.Count, keys.All[0].Key.KeyId);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                keys.Fail(e is SigningKeyException ? e.Message : $"Postgres: {e.Message}");
                Log.NotRead(logger, e, Pause);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Count} signing keys; {KeyId} signs")]
        public static partial void Read(ILogger logger, int count, string keyId);

        [LoggerMessage(LogLevel.Error, "There is no signing key; next try in {Pause}")]
        public static partial void NotRead(ILogger logger, Exception exception, TimeSpan pause);
    }
}
