namespace ApiSvc.Analytics.Queries;

/// <summary>From, included, to, excluded, in whole minutes.</summary>
internal sealed record QueryRange(DateTime From, DateTime To)
{
    /// <summary>The longest that is asked about.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    private static readonly TimeSpan Usual = TimeSpan.FromHours(24);

    public TimeSpan Length => To - From;

    public QueryRange Before => new(From - Length, From);

    /// <summary>What was asked, or the last 24 hours.</summary>
    public static QueryRange Of(RangeInput input, DateTimeOffset now, QueryCheck check)
    {
        var to = Up((input.To ?? now).UtcDateTime);
        var from = Down(input.From?.UtcDateTime ?? (to - Usual));
        if (from >= to)
        {
            check.Add("from", "range", "Must be before 'to'.");
        }
        else if (to - from > Longest)
        {
            check.Add("from", "range", $"Must be at most {Longest.TotalDays:0} days before 'to'.");
        }

        return new(from, to);
    }

    private static DateTime Down(DateTime time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));

    // The last minute there is has nothing after it.
    private static DateTime Up(DateTime time) =>
        Down(time) == time || time > DateTime.MaxValue.AddMinutes(-1)
            ? Down(time)
            : Down(time).AddMinutes(1);
}
