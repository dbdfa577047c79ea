using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Gateway.Credentials;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Sync;

/// <summary>Tells Identity which API keys were used, once in a while; what it could not tell it tells the next time.</summary>
internal sealed partial class KeyUseReporter(
    KeyUses uses,
    Contracts.Credentials.V1.Credentials.CredentialsClient identity,
    IOptions<SyncOptions> options,
    TimeProvider time,
    ILogger<KeyUseReporter> logger
) : BackgroundService
{
    private const int AtOnce = 1000;

    // While Identity is away for long: keys past so many are told when they are used again.
    private const int LongestList = 100_000;

    private readonly Dictionary<Guid, DateTimeOffset> _untold = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(options.Value.KeyUseInterval, time, stoppingToken);
            await ReportAsync(stoppingToken);
        }
    }

    /// <summary>Tells what is to be told now.</summary>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var key in uses.Take())
        {
            if (_untold.Count < LongestList || _untold.ContainsKey(key))
            {
                _untold[key] = now;
            }
        }

        try
        {
            foreach (var part in _untold.ToArray().Chunk(AtOnce))
            {
                await identity.ReportKeyUseAsync(
                    new()
                    {
                        Uses =
                        {
                            part.Select(u => new KeyUse
                            {
                                KeyId = ByteString.CopyFrom(u.Key.ToByteArray(bigEndian: true)),
                                UsedAt = u.Value.ToTimestamp(),
                            }),
                        },
                    },
                    deadline: (now + options.Value.AcknowledgeTimeout).UtcDateTime,
                    cancellationToken: cancellationToken
                );
                foreach (var told in part)
                {
                    _untold.Remove(told.Key);
                }
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Untold(logger, e, _untold.Count);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Debug,
            "Identity could not be told that {Count} keys were used; it will be the next time"
        )]
        public static partial void Untold(ILogger logger, Exception exception, int count);
    }
}
