using ApiSvc.Analytics.Retention;
using Microsoft.Extensions.Options;

namespace ApiSvc.Analytics.Records;

/// <summary>Which start times are taken: neither of the future nor older than minutes are kept.</summary>
internal sealed class CallTimes(IOptions<RetentionOptions> retention, TimeProvider time)
{
    // Clocks of nodes may be wrong, but a day's error would make a partition that nothing else is in.
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(12);

    /// <returns>What is wrong with it, or null.</returns>
    public string? Judge(long startUs)
    {
        var now = time.GetUtcNow();
        if (startUs > Microseconds(now + Ahead))
        {
            return "Its start_us is in the future.";
        }

        // Those of the oldest day that is kept are dropped soon: a day's margin, so that nobody writes what is dropped.
        return startUs < Microseconds(OldestMinute(now).AddDays(1))
            ? "It is older than minutes are kept."
            : null;
    }

    /// <summary>The first day of which minutes are kept.</summary>
    public DateTimeOffset OldestMinute(DateTimeOffset now) =>
        new(now.UtcDateTime.Date - TimeSpan.FromDays(retention.Value.MinuteDays), TimeSpan.Zero);

    public static long Microseconds(DateTimeOffset at) =>
        (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTime FromMicroseconds(long us) => DateTime.UnixEpoch.AddMicroseconds(us);
}
