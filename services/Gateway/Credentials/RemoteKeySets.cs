namespace ApiSvc.Gateway.Credentials;

/// <summary>
/// The keys at each address that an issuer names, kept as long as an issuer's entry holds them, and read when due.
/// </summary>
internal sealed class RemoteKeySets(
    IJwksDownload download,
    TimeProvider time,
    ILogger<RemoteKeys> logger
) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Uri, WeakReference<RemoteKeys>> _sets = [];

    /// <summary>The keys at an address; the same object for all who name it.</summary>
    public RemoteKeys At(Uri address)
    {
        lock (_lock)
        {
            if (_sets.TryGetValue(address, out var held) && held.TryGetTarget(out var known))
            {
                return known;
            }

            var keys = new RemoteKeys(address, download, time, logger);
            _sets[address] = new(keys);
            return keys;
        }
    }

    /// <summary>Reads those that are due, side by side.</summary>
    public Task ReadDueAsync()
    {
        var live = new List<RemoteKeys>();
        lock (_lock)
        {
            foreach (var (address, held) in _sets)
            {
                if (held.TryGetTarget(out var keys))
                {
                    live.Add(keys);
                }
                else
                {
                    _sets.Remove(address);
                }
            }
        }

        return Task.WhenAll(live.Select(k => k.ReadIfDueAsync()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            await ReadDueAsync().WaitAsync(stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
