namespace Aspire.Hosting.Dashboard.Telemetry.Metrics;

/// <summary>
/// The charts that tell how a service does. Names are those of OpenTelemetry's semantic conventions and of .NET's meters.
/// </summary>
internal sealed class MetricCharts(IReadOnlyList<MetricSeries> series, MetricGrid grid)
{
    /// <returns>A chart for each thing of which there is something to show.</returns>
    public static IReadOnlyList<Chart> Of(IReadOnlyList<MetricSeries> series, MetricGrid grid)
    {
        var charts = new MetricCharts(series, grid);
        return
        [
            .. new[]
            {
                charts.Requests(),
                charts.Durations(),
                charts.Processor(),
                charts.Memory(),
                charts.Collections(),
                charts.Pauses(),
            }
                .Select(chart =>
                    chart with
                    {
                        Lines = [.. chart.Lines.Where(l => l.Values.Any(v => v is not null))],
                    }
                )
                .Where(chart => chart.Lines.Count > 0),
        ];
    }

    private Chart Requests() =>
        new(
            "Requests",
            "/s",
            [
                new("all", Rate(Named("http.server.request.duration"))),
                new(
                    "5xx",
                    Rate(With("http.response.status_code=5", "http.server.request.duration"))
                ),
            ]
        );

    private Chart Durations()
    {
        var rates = grid.Rates(Named("http.server.request.duration"));
        return new(
            "Request duration",
            "s",
            [
                new("median", [.. rates.Select(p => PercentileOf(p, 0.5))]),
                new("95 %", [.. rates.Select(p => PercentileOf(p, 0.95))]),
            ]
        );
    }

    private Chart Processor() =>
        new(
            "Processor",
            "cores",
            [new("used", Rate(Named("dotnet.process.cpu.time", "process.cpu.time")))]
        );

    private Chart Memory() =>
        new(
            "Memory",
            "By",
            [
                new(
                    "working set",
                    grid.Values(Named("dotnet.process.memory.working_set", "process.memory.usage"))
                ),
                new("heap", grid.Values(Named("dotnet.gc.last_collection.heap.size"))),
            ]
        );

    private Chart Collections() =>
        new(
            "Garbage collections",
            "/min",
            [
                new("gen 0", Rate(With("=gen0", "dotnet.gc.collections"), 60)),
                new("gen 1", Rate(With("=gen1", "dotnet.gc.collections"), 60)),
                new("gen 2", Rate(With("=gen2", "dotnet.gc.collections"), 60)),
            ]
        );

    private Chart Pauses() =>
        new(
            "Pauses for collections",
            "ms/s",
            [new("paused", Rate(Named("dotnet.gc.pause.time"), 1000))]
        );

    private IEnumerable<MetricSeries> Named(params string[] names) =>
        series.Where(s => names.Contains(s.Key.Name, StringComparer.Ordinal));

    private IEnumerable<MetricSeries> With(string attribute, string name) =>
        Named(name).Where(s => s.Key.Attributes.Contains(attribute, StringComparison.Ordinal));

    private IReadOnlyList<double?> Rate(IEnumerable<MetricSeries> of, double factor = 1) =>
        [.. grid.Rates(of).Select(point => point?.Value * factor)];

    private static double? PercentileOf(MetricPoint? point, double share) =>
        point is null ? null : Percentile.Of(point, share);
}

/// <summary>Lines over the same steps.</summary>
internal sealed record Chart(string Title, string Unit, IReadOnlyList<ChartLine> Lines);

/// <summary>A line; <c>null</c> is a gap.</summary>
internal sealed record ChartLine(string Label, IReadOnlyList<double?> Values);
