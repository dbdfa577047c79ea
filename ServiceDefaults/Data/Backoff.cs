namespace ApiSvc.ServiceDefaults.Data;

/// <summary>
/// How long to wait before the next try: doubling from the first to the longest, each shortened by up to half at
/// random so that instances which failed together do not return together.
/// </summary>
public sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private int _tries;

    /// <summary>How long to wait now.</summary>
    public TimeSpan Next()
    {
        var delay = first * Math.Pow(2, Math.Min(_tries++, 20));
        delay = delay < longest ? delay : longest;
#pragma warning disable CA5394 // Spreads load; nobody gains by guessing it.
        return delay * (0.5 + (Random.Shared.NextDouble() / 2));
#pragma warning restore CA5394
    }

    /// <summary>It worked: the next failure is the first again.</summary>
    public void Reset() => _tries = 0;
}
