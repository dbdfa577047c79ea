namespace ApiSvc.Gateway.Limits;

/// <summary>A calendar window, UTC.</summary>
internal enum QuotaWindow
{
    Minute = 1,
    Hour,
    Day,

    /// <summary>From Monday (ISO 8601).</summary>
    Week,
    Month,
}

/// <summary>A number of requests in each window.</summary>
internal sealed class Quota
{
    /// <summary>Counts are kept in 37 bits.</summary>
    public const long MaxCount = (1L << 37) - 1;

    /// <param name="count">At least 1; above <see cref="MaxCount"/> (137 billion) it counts as that.</param>
    /// <param name="window">The window.</param>
    public Quota(ulong count, QuotaWindow window)
    {
        ArgumentOutOfRangeException.ThrowIfZero(count);
        if (!Enum.IsDefined(window))
        {
            throw new ArgumentOutOfRangeException(nameof(window), window, "It is no window.");
        }

        Count = (long)Math.Min(count, MaxCount);
        Window = window;
    }

    public long Count { get; }

    public QuotaWindow Window { get; }

    /// <summary>When the window ends in which a moment is; all windows end with a minute.</summary>
    public DateTimeOffset EndOf(DateTimeOffset now)
    {
        var utc = now.UtcDateTime;
        var day = utc.Date;
        var end = Window switch
        {
            QuotaWindow.Minute => Floor(utc, TimeSpan.TicksPerMinute).AddMinutes(1),
            QuotaWindow.Hour => Floor(utc, TimeSpan.TicksPerHour).AddHours(1),
            QuotaWindow.Day => day.AddDays(1),
            // Sunday is 0.
            QuotaWindow.Week => day.AddDays(7 - (((int)day.DayOfWeek + 6) % 7)),
            _ => day.AddDays(1 - day.Day).AddMonths(1),
        };
        return new(DateTime.SpecifyKind(end, DateTimeKind.Utc));
    }

    private static DateTime Floor(DateTime time, long ticks) =>
        new(time.Ticks - (time.Ticks % ticks));
}
