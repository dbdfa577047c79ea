using System.Runtime.InteropServices;

namespace ApiSvc.Analytics.Queries;

/// <summary>The levels of rollups.</summary>
internal enum Level
{
    Minute,
    Hour,
    Day,
}

/// <summary>A part of a range that is read from one level.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TimePart(Level Level, DateTime From, DateTime To);

/// <summary>What the tables of rollups have: read in the same snapshot as the numbers.</summary>
/// <param name="DirtyHours">Hours that changed since they were built from their minutes.</param>
/// <param name="DirtyDays">Days likewise, and days of those hours.</param>
/// <param name="MinutesSince">From when on there are minutes.</param>
/// <param name="HoursSince">From when on there are hours.</param>
/// <param name="SummariesSince">From when on calls are in the families of fewer combinations.</param>
internal sealed record RollupState(
    IReadOnlySet<DateTime> DirtyHours,
    IReadOnlySet<DateTime> DirtyDays,
    DateTime MinutesSince,
    DateTime HoursSince,
    DateTime SummariesSince
);

/// <summary>Parts a range among the levels: the coarsest that is whole and up to date for each stretch of it.</summary>
internal static class TimeParts
{
    /// <param name="range">The range.</param>
    /// <param name="interval">Of the points; null where one number is asked for the whole range.</param>
    /// <param name="state">What there is.</param>
    /// <param name="check">Gets the violation where a part is asked of which only coarser levels are kept.</param>
    public static IReadOnlyList<TimePart> Of(
        QueryRange range,
        TimeSpan? interval,
        RollupState state,
        QueryCheck check
    )
    {
        var coarsest =
            interval is not { } i || i.Ticks % TimeSpan.TicksPerDay == 0 ? Level.Day
            : i.Ticks % TimeSpan.TicksPerHour == 0 ? Level.Hour
            : Level.Minute;
        var parts = new List<TimePart>();
        for (var at = range.From; at < range.To; )
        {
            var part = Next(at, range.To, coarsest, state);
            if (part.Level == Level.Minute && part.From < state.MinutesSince)
            {
                Refuse(check, interval, coarsest, Level.Minute, state.MinutesSince);
                return [];
            }

            if (part.Level == Level.Hour && part.From < state.HoursSince)
            {
                Refuse(check, interval, coarsest, Level.Hour, state.HoursSince);
                return [];
            }

            if (
                parts.Count > 0
                && parts[^1] is var last
                && last.Level == part.Level
                && last.To == at
            )
            {
                parts[^1] = last with { To = part.To };
            }
            else
            {
                parts.Add(part);
            }

            at = part.To;
        }

        return parts;
    }

    private static TimePart Next(DateTime at, DateTime to, Level coarsest, RollupState state)
    {
        var tomorrow = at.Date.AddDays(1);
        if (
            coarsest == Level.Day
            && at == at.Date
            && tomorrow <= to
            && !state.DirtyDays.Contains(at)
        )
        {
            return new(Level.Day, at, tomorrow);
        }

        var hour = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerHour));
        var next = hour.AddHours(1);
        return coarsest >= Level.Hour && at == hour && next <= to && !state.DirtyHours.Contains(at)
            ? new(Level.Hour, at, next)
            : new(Level.Minute, at, next < to ? next : to);
    }

    private static void Refuse(
        QueryCheck check,
        TimeSpan? interval,
        Level coarsest,
        Level missing,
        DateTime since
    )
    {
        var word = missing == Level.Minute ? "hours" : "days";
        if (interval is not null && coarsest <= missing)
        {
            check.Add(
                "interval",
                "range",
                $"Before {since:yyyy-MM-dd} only whole {word} are kept."
            );
        }
        else
        {
            check.Add(
                "from",
                "range",
                $"Before {since:yyyy-MM-dd} only whole {word} are kept: 'from' and 'to' must be at the start of one."
            );
        }
    }
}
