namespace ApiSvc.Gateway.Limits;

/// <summary>A rate with a burst.</summary>
internal sealed class GcraLimit
{
    // Beyond a century nothing is a limit any more, and the numbers below stay clear of overflow.
    private const long LongestNanoseconds = 100L * 365 * 86_400 * 1_000_000_000;

    /// <param name="rate">Requests per period; at least 1.</param>
    /// <param name="period">Above zero, and at least a nanosecond for each request.</param>
    /// <param name="burst">Requests that may come at once after a pause; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range.</exception>
    public GcraLimit(ulong rate, TimeSpan period, ulong burst)
    {
        ArgumentOutOfRangeException.ThrowIfZero(rate);
        ArgumentOutOfRangeException.ThrowIfZero(burst);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        var nanoseconds = (UInt128)period.Ticks * 100;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((UInt128)rate, nanoseconds, nameof(rate));
        // Rounded up: never more than the rate.
        var interval = (nanoseconds + rate - 1) / rate;
        var window = interval * burst;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            window,
            (UInt128)LongestNanoseconds,
            nameof(burst)
        );
        Interval = (long)interval;
        Window = (long)window;
        Burst = (long)burst;
        Rate = rate;
        Period = period;
    }

    public ulong Rate { get; }

    public TimeSpan Period { get; }

    public long Burst { get; }

    /// <summary>Nanoseconds from one request to the next at the rate.</summary>
    public long Interval { get; }

    /// <summary>Nanoseconds of requests that may have been taken in advance.</summary>
    public long Window { get; }
}
