using System.ComponentModel;

namespace ApiSvc.Analytics.Queries;

/// <summary>Which calls a query is about, as it was asked.</summary>
internal record RangeInput
{
    [Description("Included. 24 hours before 'to' unless given.")]
    public DateTimeOffset? From { get; init; }

    [Description("Excluded. Now unless given.")]
    public DateTimeOffset? To { get; init; }

    [Description("Which calls of the team: both, those to its APIs, or those by its applications.")]
    public Side Side { get; init; }

    public IReadOnlyList<string> Api { get; init; } = [];

    public IReadOnlyList<string> Version { get; init; } = [];

    public IReadOnlyList<string> Operation { get; init; } = [];

    public IReadOnlyList<string> Environment { get; init; } = [];

    [Description("Such as 2xx; none for calls without an answer.")]
    public IReadOnlyList<string> StatusClass { get; init; } = [];

    public IReadOnlyList<string> Application { get; init; } = [];

    public IReadOnlyList<string> Subscription { get; init; } = [];

    public IReadOnlyList<string> Plan { get; init; } = [];
}

/// <summary>A metric over time.</summary>
internal sealed record SeriesInput : RangeInput
{
    public Metric Metric { get; init; } = Metric.Calls;

    [Description("As hh:mm:ss or d.hh:mm:ss, in whole minutes; fits the range unless given.")]
    public TimeSpan? Interval { get; init; }

    [Description("One series for each of the 50 values with the most calls.")]
    public Dimension? By { get; init; }

    [Description("Also the range of the same length before.")]
    public bool Compare { get; init; }
}

/// <summary>The largest values of a dimension.</summary>
internal sealed record TopInput : RangeInput
{
    public Metric Metric { get; init; } = Metric.Calls;

    public required Dimension By { get; init; }

    [Description("1 to 100.")]
    public int Limit { get; init; } = 10;
}

/// <summary>All metrics by a dimension.</summary>
internal sealed record BreakdownInput : RangeInput
{
    public required Dimension By { get; init; }

    [Description("1 to 100.")]
    public int Limit { get; init; } = 10;
}

/// <summary>Percentiles of the latency.</summary>
internal sealed record PercentilesInput : RangeInput
{
    [Description("Each over 0 and under 100; 50, 95 and 99 unless given.")]
    public IReadOnlyList<double> P { get; init; } = [];
}
