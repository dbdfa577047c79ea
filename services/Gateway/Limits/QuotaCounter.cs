namespace ApiSvc.Gateway.Limits;

/// <summary>
/// Counts of calendar windows on this node. A count and the end of its window are one number, so that a window begins
/// by the same compare-and-swap that counts its first request. Memory is fixed.
/// </summary>
internal sealed class QuotaCounter(int capacity = 262_144)
{
    private const int CountBits = 37;
    private static readonly long Epoch = new DateTime(2020, 1, 1).Ticks;

    private readonly SlotTable _slots = new(capacity);

    /// <summary>Keys that were forgotten within their window; growing: the capacity is too small.</summary>
    public long Forgotten => _slots.Forgotten;

    /// <summary>Counts a request if it may pass.</summary>
    /// <param name="key">Who is counted against what; each quota needs keys of its own.</param>
    /// <param name="quota">The quota.</param>
    /// <param name="now">The wall clock, after 2020.</param>
    public LimitDecision Take(LimitKey key, Quota quota, DateTimeOffset now)
    {
        var end = quota.EndOf(now);
        var reset = end - now;
        var minute = MinuteOf(end);
        while (true)
        {
            ref var slot = ref _slots.Find(key, Stale(now));
            var value = Volatile.Read(ref slot);
            var count = CountIn(value, minute);
            if (count >= quota.Count)
            {
                return new(false, quota.Count, 0, reset, reset);
            }

            if (Interlocked.CompareExchange(ref slot, Pack(minute, count + 1), value) == value)
            {
                return new(true, quota.Count, quota.Count - count - 1, reset, TimeSpan.Zero);
            }
        }
    }

    /// <summary>Takes back what <see cref="Take"/> counted, for a request that something else refused.</summary>
    public void Return(LimitKey key, Quota quota, DateTimeOffset now)
    {
        var minute = MinuteOf(quota.EndOf(now));
        while (true)
        {
            ref var slot = ref _slots.Find(key, Stale(now));
            var value = Volatile.Read(ref slot);
            var count = CountIn(value, minute);
            if (
                count == 0
                || Interlocked.CompareExchange(ref slot, Pack(minute, count - 1), value) == value
            )
            {
                return;
            }
        }
    }

    /// <summary>The requests counted in the window of <paramref name="now"/>.</summary>
    public long Count(LimitKey key, Quota quota, DateTimeOffset now) =>
        CountIn(Volatile.Read(ref _slots.Find(key, Stale(now))), MinuteOf(quota.EndOf(now)));

    private static long CountIn(long value, long minute) =>
        value >> CountBits == minute ? value & Quota.MaxCount : 0;

    private static long Pack(long minute, long count) => (minute << CountBits) | count;

    // A window that ends now has ended.
    private static long Stale(DateTimeOffset now) =>
        Pack(((now.UtcTicks - Epoch) / TimeSpan.TicksPerMinute) + 1, 0);

    private static long MinuteOf(DateTimeOffset end) =>
        (end.UtcTicks - Epoch) / TimeSpan.TicksPerMinute;
}
