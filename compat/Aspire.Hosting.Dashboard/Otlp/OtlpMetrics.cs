using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Telemetry.Metrics;
using Aspire.Hosting.Dashboard.Wire;
using Google.Protobuf.Collections;

namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>Reads measurements.</summary>
internal static class OtlpMetrics
{
    /// <returns>Whether the metric is of a kind that is understood.</returns>
    public static bool Read(Metric metric, TelemetrySource source, MetricStore store)
    {
        switch (metric.DataCase)
        {
            case Metric.DataOneofCase.Gauge:
                AddNumbers(metric.Gauge.DataPoints, MetricKind.Gauge, isDelta: false);
                return true;
            case Metric.DataOneofCase.Sum:
                AddNumbers(
                    metric.Sum.DataPoints,
                    metric.Sum.IsMonotonic ? MetricKind.Counter : MetricKind.Gauge,
                    IsDelta(metric.Sum.AggregationTemporality)
                );
                return true;
            case Metric.DataOneofCase.Histogram:
                var isDelta = IsDelta(metric.Histogram.AggregationTemporality);
                foreach (var point in metric.Histogram.DataPoints)
                {
                    store.Add(Key(point.Attributes, MetricKind.Histogram), Of(point), isDelta);
                }

                return true;
            default:
                return false;
        }

        void AddNumbers(RepeatedField<NumberDataPoint> points, MetricKind kind, bool isDelta)
        {
            foreach (var point in points)
            {
                store.Add(Key(point.Attributes, kind), Of(point), isDelta);
            }
        }

        MetricKey Key(RepeatedField<KeyValue> attributes, MetricKind kind) =>
            new(
                source,
                OtlpValues.Short(metric.Name),
                OtlpValues.Short(metric.Unit),
                kind,
                string.Join(
                    ", ",
                    OtlpValues
                        .Attributes(attributes)
                        .OrderBy(a => a.Key, StringComparer.Ordinal)
                        .Select(a => $"{a.Key}={a.Value}")
                )
            );
    }

    private static MetricPoint Of(NumberDataPoint point)
    {
        var value =
            point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
        return new(
            OtlpValues.Time(point.StartTimeUnixNano),
            OtlpValues.Time(point.TimeUnixNano),
            double.IsFinite(value) ? value : 0
        );
    }

    private static MetricPoint Of(HistogramDataPoint point)
    {
        // Counts are one more than bounds; otherwise only count and sum are of use.
        var fits = point.BucketCounts.Count == point.ExplicitBounds.Count + 1;
        return new(
            OtlpValues.Time(point.StartTimeUnixNano),
            OtlpValues.Time(point.TimeUnixNano),
            point.Count
        )
        {
            Sum = double.IsFinite(point.Sum) ? point.Sum : 0,
            Bounds = fits ? [.. point.ExplicitBounds] : [],
            Buckets = fits ? [.. point.BucketCounts.Select(count => (double)count)] : [],
        };
    }

    private static bool IsDelta(AggregationTemporality temporality) =>
        temporality == AggregationTemporality.Delta;
}
