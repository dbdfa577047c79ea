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
        var to = Up(TimeOf(input.To, "to", check) ?? now.UtcDateTime);
        var from = Down(TimeOf(input.From, "from", check) ?? (to - Usual));
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

    // Within these nothing that is computed leaves the calendar.
    private static DateTime? TimeOf(DateTimeOffset? time, string name, QueryCheck check)
    {
        if (time is null or { Year: >= 1980 and < 9000 })
        {
            return time?.UtcDateTime;
        }

        check.Add(name, "range", "Must be a time of the years 1980 to 8999.");
        return null;
    }

    private static DateTime Down(DateTime time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));

    private static DateTime Up(DateTime time) =>
        Down(time) == time ? time : Down(time).AddMinutes(1);
}
