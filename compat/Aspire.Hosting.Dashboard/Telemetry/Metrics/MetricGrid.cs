namespace Aspire.Hosting.Dashboard.Telemetry.Metrics;

/// <summary>
/// Steps of equal length, so that series measured at different moments (replicas, other intervals) can be added up.
/// </summary>
/// <param name="End">When the last step ends.</param>
/// <param name="Step">How long a step is.</param>
/// <param name="Count">How many there are.</param>
internal sealed record MetricGrid(DateTimeOffset End, TimeSpan Step, int Count)
{
    // A series' first point counts from the process' start; spread that far, it would be nothing everywhere.
    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(10);

    // A gauge that was not reported for so long is gone: its process ended.
    private static readonly TimeSpan GaugeAge = TimeSpan.FromSeconds(90);

    public DateTimeOffset At(int step) => End - (Step * (Count - 1 - step)) - (Step / 2);

    /// <summary>What was counted per second in each step, as sums over the series; <c>null</c> where nobody measured.</summary>
    public IReadOnlyList<MetricPoint?> Rates(IEnumerable<MetricSeries> series)
    {
        var sums = new MetricPoint?[Count];
        foreach (var one in series)
        {
            MetricPoint? earlier = null;
            foreach (var point in one.Points)
            {
                AddRate(
                    sums,
                    earlier is null
                        ? point with
                        {
                            Start = Later(point.Start, point.At - FirstInterval),
                        }
                        : point.Since(earlier)
                );
                earlier = point;
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

    private void AddRate(MetricPoint?[] sums, MetricPoint change)
    {
        var seconds = (change.At - change.Start).TotalSeconds;
        if (seconds <= 0)
        {
            return;
        }

        // The steps whose middle lies in the interval.
        var begin = End - (Step * Count);
        var first = Math.Max(0, (int)Math.Ceiling(((change.Start - begin) / Step) - 0.5));
        var last = Math.Min(Count - 1, (int)Math.Floor(((change.At - begin) / Step) - 0.5));
        for (var step = first; step <= last; step++)
        {
            var rate = change with
            {
                Value = change.Value / seconds,
                Sum = change.Sum / seconds,
                Buckets = [.. change.Buckets.Select(count => count / seconds)],
            };
            sums[step] = sums[step] is { } sum ? rate.After(sum) : rate;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) =>
        one > other ? one : other;
}
