namespace ApiSvc.Analytics.Queries;

/// <summary>A metric over time.</summary>
/// <param name="Metric">Which.</param>
/// <param name="From">Included.</param>
/// <param name="To">Excluded.</param>
/// <param name="Interval">How far points are from each other.</param>
/// <param name="Series">One, or one for each value of a dimension.</param>
/// <param name="Previous">The same of the range before, if asked for.</param>
internal sealed record SeriesDocument(
    Metric Metric,
    DateTimeOffset From,
    DateTimeOffset To,
    TimeSpan Interval,
    IReadOnlyList<SeriesLine> Series,
    IReadOnlyList<SeriesLine>? Previous
);

/// <summary>A line of points.</summary>
/// <param name="Key">The dimension's value: a public id, a name, or none; empty for the total.</param>
/// <param name="Name">As people know it.</param>
/// <param name="Points">In order. Counts are there for every point, rates and latencies where there were calls.</param>
internal sealed record SeriesLine(string Key, string Name, IReadOnlyList<SeriesPoint> Points);

/// <summary>A point.</summary>
internal sealed record SeriesPoint(DateTimeOffset Time, double Value);

/// <summary>A value of a dimension with its metric.</summary>
internal sealed record TopLine(string Key, string Name, double Value);

/// <summary>The largest values of a dimension.</summary>
internal sealed record TopDocument(Metric Metric, IReadOnlyList<TopLine> Items);

/// <summary>All metrics of a value of a dimension. Latencies in microseconds.</summary>
internal sealed record BreakdownLine
{
    public required string Key { get; init; }

    public required string Name { get; init; }

    public required long Calls { get; init; }

    public required long Errors { get; init; }

    public required double ErrorRate { get; init; }

    public required long ErrorsUnauthorized { get; init; }

    public required long ErrorsLimited { get; init; }

    public required long ErrorsRefused { get; init; }

    public required long ErrorsClient { get; init; }

    public required long ErrorsUpstream { get; init; }

    public required long ErrorsGateway { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    public required double LatencyMean { get; init; }

    public required double LatencyP50 { get; init; }

    public required double LatencyP95 { get; init; }

    public required double LatencyP99 { get; init; }
}

/// <summary>All metrics by a dimension, the most calls first.</summary>
internal sealed record BreakdownDocument(IReadOnlyList<BreakdownLine> Items);

/// <summary>Percentiles of the latency.</summary>
internal sealed record PercentilesDocument(long Calls, IReadOnlyList<PercentileLine> Items);

/// <summary>The latency, in microseconds, that a percentage of the calls did not exceed, within one percent.</summary>
internal sealed record PercentileLine(double Percentile, double LatencyUs);
