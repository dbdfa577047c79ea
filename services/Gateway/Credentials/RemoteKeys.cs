namespace ApiSvc.Gateway.Credentials;

/// <summary>
/// Keys at an address, read in the background and kept: with the issuer away the last good ones go on. A key id that
/// is not among them causes one reading, at most every <see cref="UnknownKeyInterval"/>, so that made-up ids cannot
/// turn the gateway against the issuer.
/// </summary>
internal sealed partial class RemoteKeys(
    Uri address,
    IJwksDownload download,
    TimeProvider time,
    ILogger<RemoteKeys> logger
) : IKeySource
{
    public static readonly TimeSpan UnknownKeyInterval = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private SigningKeys? _keys;
    private string? _text;
    private Task? _reading;
    private TimeSpan _retry = FirstRetry;
    private DateTimeOffset _due = DateTimeOffset.MinValue;
    private DateTimeOffset _lastUnknown = DateTimeOffset.MinValue;

    public SigningKeys? Current => Volatile.Read(ref _keys);

    public Task RefreshAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_reading is not { IsCompleted: false })
            {
                var now = time.GetUtcNow();
                if (now - _lastUnknown < UnknownKeyInterval)
                {
                    return Task.CompletedTask;
                }

                _lastUnknown = now;
            }
        }

        return ReadOnceAsync().WaitAsync(cancellationToken);
    }

    /// <summary>Reads them if it is time to.</summary>
    public Task ReadIfDueAsync()
    {
        lock (_lock)
        {
            if (time.GetUtcNow() < _due)
            {
                return Task.CompletedTask;
            }
        }

        return ReadOnceAsync();
    }

    // One reading at a time, shared by all who wait, so it ends by its own limit and not by one of them leaving.
    private Task ReadOnceAsync()
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

    private async Task ReadAsync()
    {
        var isRead = false;
        try
        {
            using var limit = new CancellationTokenSource(ReadLimit, time);
            Take(await download.GetAsync(address, limit.Token));
            isRead = true;
        }
        catch (Exception e)
        {
            Log.NotRead(logger, e, address);
        }

        lock (_lock)
        {
            _due = time.GetUtcNow() + (isRead ? RefreshInterval : _retry);
            _retry = isRead
                ? FirstRetry
                : TimeSpan.FromTicks(Math.Min(_retry.Ticks * 2, LastRetry.Ticks));
        }
    }

    private void Take(string text)
    {
        // The same keys stay the same object: what was checked with them stays checked.
        if (text == _text)
        {
            return;
        }

        var keys = SigningKeys.Parse(text);
        if (keys.IsEmpty)
        {
            throw new FormatException("The JWK set has no signing keys.");
        }

        _text = text;
        Volatile.Write(ref _keys, keys);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The keys at {Address} could not be read; the last known ones stay in use"
        )]
        public static partial void NotRead(ILogger logger, Exception exception, Uri address);
    }
}
