namespace Aspire.Hosting.Dashboard.Telemetry.Metrics;

/// <summary>
/// Steps of equal length, so that series measured at different moments (replicas, other intervals) can be added up.
/// </summary>
/// <param name="End">When the last step ends.</param>
/// <param name="Step">How long a step is.</param>
/// <param name="Count">How many there are.</param>
internal sealed record MetricGrid(DateTimeOffset End, TimeSpan Step, int Count)
{
    // A series' first point counts from the process' start, which may be hours ago.
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(60);

    // A gauge that was not reported for so long is gone: its process ended.
    private static readonly TimeSpan GaugeAge = TimeSpan.FromSeconds(90);

    public DateTimeOffset At(int step) => End - (Step * (Count - 1 - step)) - (Step / 2);

    /// <summary>What was counted per second in each step, as sums over the series; <c>null</c> where nobody measured.</summary>
    public IReadOnlyList<MetricPoint?> Rates(IEnumerable<MetricSeries> series)
    {
        var sums = new MetricPoint?[Count];
        foreach (var one in series)
        {
            var rates = RatesOf(one);
            for (var step = 0; step < Count; step++)
            {
                sums[step] = sums[step] is { } sum ? rates[step]?.After(sum) ?? sum : rates[step];
            }
        }

        return sums;
    }

    /// <summary>The sum over the series of what each showed last in each step; <c>null</c> where none did.</summary>
    public IReadOnlyList<double?> Values(IEnumerable<MetricSeries> series)
    {
        var sums = new double?[Count];
        foreach (var one in series)
        {
            var next = 0;
            for (var step = 0; step < Count; step++)
            {
                var end = At(step) + (Step / 2);
                while (next < one.Points.Count && one.Points[next].At <= end)
                {
                    next++;
                }

                if (next > 0 && end - one.Points[next - 1].At < GaugeAge)
                {
                    sums[step] = (sums[step] ?? 0) + one.Points[next - 1].Value;
                }
            }
        }

        return sums;
    }

    // What was counted between two points is spread evenly over the time between them.
    private MetricPoint?[] RatesOf(MetricSeries series)
    {
        var counted = new MetricPoint?[Count];
        var seconds = new double[Count];
        MetricPoint? earlier = null;
        foreach (var point in series.Points)
        {
            Spread(
                earlier is null
                    ? point with
                    {
                        Start = Later(point.Start, point.At - FirstInterval),
                    }
                    : point.Since(earlier),
                counted,
                seconds
            );
            earlier = point;
        }

        // Of a moment nothing can be said per second.
        return [.. counted.Select((sum, step) => sum?.Times(1 / Math.Max(1, seconds[step])))];
    }

    private void Spread(MetricPoint change, MetricPoint?[] counted, double[] seconds)
    {
        var begin = End - (Step * Count);
        var first = Math.Max(0, (int)Math.Floor((change.Start - begin) / Step));
        for (var step = first; step < Count && begin + (Step * step) < change.At; step++)
        {
            var from = Later(change.Start, begin + (Step * step));
            var to = begin + (Step * (step + 1));
            var covered = ((to < change.At ? to : change.At) - from).TotalSeconds;
            if (covered > 0)
            {
                var part = change.Times(covered / (change.At - change.Start).TotalSeconds);
                counted[step] = counted[step] is { } sum ? part.After(sum) : part;
                seconds[step] += covered;
            }
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) =>
        one > other ? one : other;
}
