namespace ApiSvc.Gateway.Upstreams;

/// <summary>An address and how it fares. It lives on when the configuration changes around it.</summary>
internal sealed class UpstreamTarget(Uri url)
{
    private int _failures;
    private long _pausedUntil;

    public Uri Url { get; } = url;

    /// <summary>Failures since it last answered.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Timestamp of the clock; 0 if it is not paused.</summary>
    public long PausedUntil
    {
        get => Volatile.Read(ref _pausedUntil);
        set => Volatile.Write(ref _pausedUntil, value);
    }

    /// <summary>Pauses in a row, without an answer in between.</summary>
    public int Pauses { get; set; }

    /// <summary>Whether it failed last time it was tried after a pause, or was not tried since.</summary>
    public bool IsOnProbation => Pauses > 0;

    public int Fail() => Interlocked.Increment(ref _failures);

    // Written only if it changes: a line that all cores read stays shared.
    public bool Recover()
    {
        if (Failures != 0)
        {
            Interlocked.Exchange(ref _failures, 0);
        }

        return IsOnProbation;
    }
}
