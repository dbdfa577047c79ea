using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>
/// The issuer's keys, read in the background and kept: with the issuer away the last good ones go on. A key id that
/// is not among them causes one reading at once, at most every <see cref="UnknownKeyInterval"/>, so that made-up ids
/// cannot turn this service against the issuer.
/// </summary>
internal sealed partial class RemoteIssuerKeys(
    IHttpClientFactory clients,
    IssuerAddresses addresses,
    IOptions<TokenOptions> options,
    TimeProvider time,
    ILogger<RemoteIssuerKeys> logger
) : BackgroundService, IIssuerKeys
{
    public static readonly TimeSpan UnknownKeyInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);

    // Another instance of the issuer may answer than the one that told of the change, and know it a moment later.
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private Task<bool>? _reading;
    private DateTimeOffset _lastUnknown = DateTimeOffset.MinValue;
    private KeySet? _keys;
    private TaskCompletionSource _changed = NewSignal();
    private int _again;

    /// <summary>When the keys in use were read; null when none are known.</summary>
    public DateTimeOffset? ReadAt => Volatile.Read(ref _keys)?.ReadAt;

    public async ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(
        string? keyId,
        CancellationToken cancellationToken
    )
    {
        if (Volatile.Read(ref _keys)?.Find(keyId) is { Count: > 0 } found)
        {
            return found;
        }

        await ReadForUnknownAsync().WaitAsync(cancellationToken);
        return Volatile.Read(ref _keys)?.Find(keyId);
    }

    /// <summary>The issuer says that its keys are others now: they are read at once, and twice more.</summary>
    public void Changed()
    {
        Volatile.Write(ref _again, 3);
        Volatile.Read(ref _changed).TrySetResult();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retry = FirstRetry;
        while (!stoppingToken.IsCancellationRequested)
        {
            Volatile.Write(ref _changed, NewSignal());
            var isAgain = Interlocked.Decrement(ref _again) > 0;
            var isRead = await ReadOnceAsync().WaitAsync(stoppingToken);
            var wait =
                isAgain ? Again
                : isRead ? options.Value.KeysRefresh
                : retry;
            retry = isRead
                ? FirstRetry
                : TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, LastRetry.Ticks));
            await WaitAsync(wait, stoppingToken);
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(
            Task.Delay(pause, time, enough.Token),
            Volatile.Read(ref _changed).Task.WaitAsync(enough.Token)
        );
        await enough.CancelAsync();
        stoppingToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task ReadForUnknownAsync()
    {
        lock (_lock)
        {
            if (_reading is { IsCompleted: false })
            {
                return _reading;
            }

            var now = time.GetUtcNow();
            if (now - _lastUnknown < UnknownKeyInterval)
            {
                return Task.CompletedTask;
            }

            _lastUnknown = now;
        }

        return ReadOnceAsync();
    }

    // One reading at a time, shared by all who wait, so it ends by its own limit and not by one of them leaving.
    private Task<bool> ReadOnceAsync()
    {
        lock (_lock)
        {
            if (_reading is null or { IsCompleted: true })
            {
                _reading = Task.Run(ReadAsync);
            }

            return _reading;
        }
    }

    private async Task<bool> ReadAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
            using var client = clients.CreateClient(IssuerAddresses.ClientName);
            var address = await addresses.FindJwksAsync(limit.Token);
            var keys = KeySet.Parse(
                await client.GetStringAsync(address, limit.Token),
                time.GetUtcNow()
            );
            if (keys.IsEmpty)
            {
                Log.NoKeys(logger, address);
                return false;
            }

            Volatile.Write(ref _keys, keys);
            return true;
        }
        catch (Exception e)
        {
            Log.NotRead(logger, e, options.Value.Issuer);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The keys of token issuer {Issuer} could not be read; the last known ones stay in use"
        )]
        public static partial void NotRead(ILogger logger, Exception exception, string issuer);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "{Address} has no signing keys; the last known ones stay in use"
        )]
        public static partial void NoKeys(ILogger logger, Uri address);
    }
}
