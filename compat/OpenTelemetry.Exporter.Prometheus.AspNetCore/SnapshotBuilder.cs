using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Turns the SDK's metrics, which go on counting, into a snapshot.</summary>
internal sealed class SnapshotBuilder(bool withTotal)
{
    private readonly Dictionary<string, Family> _families = new(StringComparer.Ordinal);

    public static string Number(double value) =>
        value switch
        {
            double.PositiveInfinity => "+Inf",
            double.NegativeInfinity => "-Inf",
            double.NaN => "NaN",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };

    public void Add(Metric metric)
    {
        if (PrometheusNames.Kind(metric.MetricType) is not { } kind)
        {
            PrometheusEventSource.Log.LeftOut(
                metric.Name,
                $"metrics of type {metric.MetricType} are not written"
            );
            return;
        }

        var (name, unit) = PrometheusNames.Family(metric.Name, metric.Unit, kind);
        if (!_families.TryGetValue(name, out var family))
        {
            var total = kind == FamilyKind.Counter && withTotal ? "_total" : "";
            family = new(name, kind, total, unit, metric.Description, []);
            _families.Add(name, family);
        }

        // Two instruments may come to the same name; one name is of one kind.
        if (family.Kind != kind)
        {
            PrometheusEventSource.Log.LeftOut(
                metric.Name,
                $"another metric is a {family.Kind} of the same name {name}"
            );
            return;
        }

        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            AddPoint(family, metric, point);
        }
    }

    public Snapshot Build(Resource resource) =>
        new(
            Labels(
                resource.Attributes.Select(a => new KeyValuePair<string, object?>(a.Key, a.Value))
            ),
            [.. _families.Values]
        );

    private static void AddPoint(Family family, Metric metric, MetricPoint point)
    {
        var tags = new List<KeyValuePair<string, object?>>
        {
            new("otel_scope_name", metric.MeterName),
        };
        if (metric.MeterVersion is { Length: > 0 } version)
        {
            tags.Add(new("otel_scope_version", version));
        }

        tags.AddRange(metric.MeterTags ?? []);
        foreach (var tag in point.Tags)
        {
            tags.Add(tag);
        }

        var labels = Labels(tags);
        if (family.Kind == FamilyKind.Histogram)
        {
            AddHistogram(family, labels, point);
        }
        else
        {
            family.Samples.Add(new(family.Total, labels, Value(metric.MetricType, point)));
        }
    }

    private static void AddHistogram(Family family, List<Label> labels, MetricPoint point)
    {
        long count = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            var bound = new Label("le", Number(bucket.ExplicitBound));
            family.Samples.Add(new("_bucket", [.. labels, bound], Number(count)));
        }

        family.Samples.Add(new("_sum", labels, Number(point.GetHistogramSum())));
        family.Samples.Add(new("_count", labels, Number(point.GetHistogramCount())));
    }

    private static string Value(MetricType type, MetricPoint point) =>
        type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => Number(point.GetSumLong()),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number(
                point.GetSumDouble()
            ),
            MetricType.LongGauge => Number(point.GetGaugeLastValueLong()),
            MetricType.DoubleGauge => Number(point.GetGaugeLastValueDouble()),
            _ => throw new UnreachableException(),
        };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The specification: where two names become one, the values are joined by a semicolon.</summary>
    private static List<Label> Labels(IEnumerable<KeyValuePair<string, object?>> tags) =>
        [
            .. tags.GroupBy(
                tag => PrometheusNames.Label(tag.Key),
                (name, same) =>
                    new Label(name, string.Join(';', same.Select(tag => Text(tag.Value))))
            ),
        ];

    private static string Text(object? value) =>
        value switch
        {
            null => "",
            string text => text,
            bool flag => flag ? "true" : "false",
            double number => Number(number),
            Array array => JsonSerializer.Serialize<object>(array),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
}
