namespace Aspire.Hosting.Dashboard.Telemetry.Metrics;

/// <summary>Percentiles out of a histogram's buckets, as exact as those are wide.</summary>
internal static class Percentile
{
    /// <param name="point">The histogram.</param>
    /// <param name="share">Which one, 0 to 1.</param>
    /// <returns><c>null</c> when nothing was recorded, or there are no buckets.</returns>
    public static double? Of(MetricPoint point, double share)
    {
        var total = point.Buckets.Sum();
        if (total <= 0 || point.Bounds.Count == 0)
        {
            return null;
        }

        var wanted = total * share;
        var below = 0.0;
        for (var i = 0; i < point.Bounds.Count; i++)
        {
            var count = point.Buckets[i];
            if (count > 0 && below + count >= wanted)
            {
                var low = i == 0 ? Math.Min(0, point.Bounds[0]) : point.Bounds[i - 1];
                return low + ((point.Bounds[i] - low) * (wanted - below) / count);
            }

            below += count;
        }

        // Above the last bound nothing is known but that.
        return point.Bounds[^1];
    }
}
