namespace ApiSvc.Gateway.Limits;

/// <summary>
/// Limits on this node by the generic cell rate algorithm (ITU-T I.371): for each key the time is kept at which its
/// requests so far would have ended, had they come evenly. Memory is fixed; a key that is idle costs nothing and one
/// that was forgotten begins anew. Time is the steady clock's, so moving the wall clock changes nothing.
/// </summary>
internal sealed class GcraLimiter
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly SlotTable _slots;

    /// <param name="time">The clock.</param>
    /// <param name="capacity">Keys, 16 bytes each.</param>
    public GcraLimiter(TimeProvider time, int capacity = 262_144)
    {
        _time = time;
        _start = time.GetTimestamp();
        _slots = new(capacity);
    }

    /// <summary>The time in nanoseconds since this limiter was made; read once for all limits of a request.</summary>
    public long Now
    {
        get
        {
            var elapsed = _time.GetTimestamp() - _start;
            // From 1, so that the 0 of a new key is in the past.
            return 1
                + (
                    _time.TimestampFrequency == 1_000_000_000
                        ? elapsed
                        : (long)((Int128)elapsed * 1_000_000_000 / _time.TimestampFrequency)
                );
        }
    }

    /// <summary>Keys that were forgotten while limited; growing: the capacity is too small.</summary>
    public long Forgotten => _slots.Forgotten;

    /// <summary>Counts a request if it may pass.</summary>
    /// <param name="key">Who is counted against what.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="now"><see cref="Now"/>.</param>
    public LimitDecision Take(LimitKey key, GcraLimit limit, long now)
    {
        while (true)
        {
            ref var slot = ref _slots.Find(key, now);
            var end = Volatile.Read(ref slot);
            var from = Math.Max(end, now);
            var next = from + limit.Interval;
            if (next - now > limit.Window)
            {
                return new(
                    false,
                    limit.Burst,
                    0,
                    Span(from - now),
                    Span(next - now - limit.Window)
                );
            }

            if (Interlocked.CompareExchange(ref slot, next, end) == end)
            {
                var remaining = (limit.Window - (next - now)) / limit.Interval;
                return new(true, limit.Burst, remaining, Span(next - now), TimeSpan.Zero);
            }
        }
    }

    /// <summary>Takes back what <see cref="Take"/> counted, for a request that something else refused.</summary>
    public void Return(LimitKey key, GcraLimit limit, long now)
    {
        while (true)
        {
            ref var slot = ref _slots.Find(key, now);
            var end = Volatile.Read(ref slot);
            if (
                end <= now
                || Interlocked.CompareExchange(ref slot, end - limit.Interval, end) == end
            )
            {
                return;
            }
        }
    }

    // Rounded up: after it the request does pass.
    private static TimeSpan Span(long nanoseconds) => new((nanoseconds + 99) / 100);
}
