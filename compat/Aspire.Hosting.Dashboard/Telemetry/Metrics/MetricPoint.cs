namespace Aspire.Hosting.Dashboard.Telemetry.Metrics;

/// <summary>One measurement.</summary>
/// <param name="Start">Since when a sum counts.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Value">The value; of a histogram, how many were recorded.</param>
internal sealed record MetricPoint(DateTimeOffset Start, DateTimeOffset At, double Value)
{
    /// <summary>The sum of what a histogram recorded.</summary>
    public double Sum { get; init; }

    /// <summary>The upper bounds of a histogram's buckets, the last one's (infinity) left out.</summary>
    public IReadOnlyList<double> Bounds { get; init; } = [];

    /// <summary>How many each bucket has.</summary>
    public IReadOnlyList<double> Buckets { get; init; } = [];

    /// <summary>This one counted on top of an earlier one.</summary>
    public MetricPoint After(MetricPoint earlier) =>
        this with
        {
            Start = earlier.Start,
            Value = earlier.Value + Value,
            Sum = earlier.Sum + Sum,
            Buckets = Combine(earlier, (mine, its) => mine + its),
        };

    /// <summary>A part of it.</summary>
    public MetricPoint Times(double factor) =>
        this with
        {
            Value = Value * factor,
            Sum = Sum * factor,
            Buckets = [.. Buckets.Select(count => count * factor)],
        };

    /// <summary>What came since an earlier one; all of it when the sender began anew in between.</summary>
    public MetricPoint Since(MetricPoint earlier) =>
        Value < earlier.Value || Start > earlier.At
            ? this with
            {
                Start = Start > earlier.At ? Start : earlier.At,
            }
            : this with
            {
                Start = earlier.At,
                Value = Value - earlier.Value,
                Sum = Sum - earlier.Sum,
                Buckets = Combine(earlier, (mine, its) => Math.Max(0, mine - its)),
            };

    private IReadOnlyList<double> Combine(
        MetricPoint earlier,
        Func<double, double, double> combine
    ) =>
        Bounds.SequenceEqual(earlier.Bounds) ? [.. Buckets.Zip(earlier.Buckets, combine)] : Buckets;
}

/// <summary>What a series of points is of.</summary>
/// <param name="Source">Who measured.</param>
/// <param name="Name">The instrument's name.</param>
/// <param name="Unit">Its unit (UCUM).</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Attributes">What tells it from the instrument's other series, as one text.</param>
internal sealed record MetricKey(
    TelemetrySource Source,
    string Name,
    string Unit,
    MetricKind Kind,
    string Attributes
);

/// <summary>How points are to be read.</summary>
internal enum MetricKind
{
    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>A sum that only grows.</summary>
    Counter,

    /// <summary>A distribution.</summary>
    Histogram,
}
