using Aspire.Hosting.Dashboard.Telemetry.Metrics;

namespace Aspire.Hosting.Dashboard.Api;

/// <summary>A service's measurements as their page shows them.</summary>
/// <param name="Times">The moments of the charts' values, in milliseconds since 1970.</param>
/// <param name="Charts">The main ones.</param>
/// <param name="Latest">The last value of every series.</param>
internal sealed record MetricsView(
    IReadOnlyList<long> Times,
    IReadOnlyList<Chart> Charts,
    IReadOnlyList<LatestView> Latest
)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private const int Steps = 120;

    public static MetricsView Of(IReadOnlyList<MetricSeries> series)
    {
        if (series.Count == 0)
        {
            return new MetricsView([], [], []);
        }

        // Charts end with the last measurement, so that there is no gap while the next is on its way.
        var grid = new MetricGrid(series.Max(s => s.Points[^1].At), Step, Steps);
        return new MetricsView(
            [.. Enumerable.Range(0, Steps).Select(i => grid.At(i).ToUnixTimeMilliseconds())],
            MetricCharts.Of(series, grid),
            [.. series.Select(LatestView.Of)]
        );
    }
}

/// <summary>A series' last value; of a histogram how many, their mean and the value that 95 % stay below.</summary>
internal sealed record LatestView(
    string Name,
    string Unit,
    MetricKind Kind,
    string Attributes,
    string Instance,
    double Value,
    double? Mean,
    double? P95
)
{
    public static LatestView Of(MetricSeries series)
    {
        var (key, last) = (series.Key, series.Points[^1]);
        var isHistogram = key.Kind == MetricKind.Histogram;
        return new LatestView(
            key.Name,
            key.Unit,
            key.Kind,
            key.Attributes,
            key.Source.Instance,
            last.Value,
            isHistogram && last.Value > 0 ? last.Sum / last.Value : null,
            isHistogram ? Percentile.Of(last, 0.95) : null
        );
    }
}
