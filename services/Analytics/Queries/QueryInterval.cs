using System.Globalization;

namespace ApiSvc.Analytics.Queries;

/// <summary>How far the points of a series are from each other.</summary>
internal static class QueryInterval
{
    private const int MostPoints = 2000;
    private const int EnoughPoints = 200;

    private static readonly TimeSpan[] Usual =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(3),
        TimeSpan.FromHours(6),
        TimeSpan.FromHours(12),
        TimeSpan.FromDays(1),
        TimeSpan.FromDays(7),
    ];

    public static TimeSpan Of(TimeSpan? asked, QueryRange range, QueryCheck check)
    {
        if (asked is not { } interval)
        {
            return Usual.FirstOrDefault(i => range.Length / i <= EnoughPoints, Usual[^1]);
        }

        if (!Fits(interval))
        {
            check.Add(
                "interval",
                "invalid",
                "Must be whole minutes that divide an hour, whole hours that divide a day, or whole days."
            );
            return Usual[0];
        }

        if (range.Length / interval > MostPoints)
        {
            check.Add(
                "interval",
                "range",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Gives {range.Length / interval:0} points; {MostPoints} are allowed. Give a longer one or a shorter range."
                )
            );
        }

        return interval;
    }

    /// <summary>The start of the point in which a time lies.</summary>
    public static DateTime StartOf(DateTime time, TimeSpan interval) =>
        DateTime.UnixEpoch.AddTicks(
            (time - DateTime.UnixEpoch).Ticks / interval.Ticks * interval.Ticks
        );

    // Then no point begins within an hour or a day that is only there as a whole.
    private static bool Fits(TimeSpan interval) =>
        interval > TimeSpan.Zero
        && interval.Ticks % TimeSpan.TicksPerMinute == 0
        && interval <= QueryRange.Longest
        && (
            interval.Ticks % TimeSpan.TicksPerDay == 0
            || (
                interval.Ticks % TimeSpan.TicksPerHour == 0
                && TimeSpan.TicksPerDay % interval.Ticks == 0
            )
            || TimeSpan.TicksPerHour % interval.Ticks == 0
        );
}
