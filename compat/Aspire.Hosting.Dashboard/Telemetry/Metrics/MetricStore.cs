namespace Aspire.Hosting.Dashboard.Telemetry.Metrics;

/// <summary>The last minutes of every series; the series that was silent longest goes first.</summary>
internal sealed class MetricStore(TelemetryLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<MetricKey, LinkedListNode<Series>> _byKey = [];
    private readonly LinkedList<Series> _byAge = new();

    /// <param name="key">The series.</param>
    /// <param name="point">The measurement.</param>
    /// <param name="isDelta">Whether it counts from the one before, not from the start.</param>
    public void Add(MetricKey key, MetricPoint point, bool isDelta)
    {
        lock (_lock)
        {
            if (_byKey.Remove(key, out var node))
            {
                _byAge.Remove(node);
            }
            else
            {
                node = new(new Series(key));
            }

            _byKey.Add(key, node);
            _byAge.AddLast(node);
            var points = node.Value.Points;
            points.AddLast(
                isDelta && points.Last is { Value: { } last } ? point.After(last) : point
            );
            while (
                points.Count > limits.PointsOfASeries
                || points.First!.Value.At < point.At - limits.PointAge
            )
            {
                points.RemoveFirst();
            }

            if (_byAge.Count > limits.Series)
            {
                _byKey.Remove(_byAge.First!.Value.Key);
                _byAge.RemoveFirst();
            }
        }
    }

    /// <summary>Who sent measurements, by name.</summary>
    public IReadOnlyList<string> Services()
    {
        lock (_lock)
        {
            return
            [
                .. _byKey
                    .Keys.Select(key => key.Source.Service)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>The series of a service, by name.</summary>
    public IReadOnlyList<MetricSeries> OfService(string service)
    {
        lock (_lock)
        {
            return
            [
                .. _byAge
                    .Where(series => series.Key.Source.Service == service)
                    .OrderBy(series => series.Key.Name, StringComparer.Ordinal)
                    .ThenBy(series => series.Key.Attributes, StringComparer.Ordinal)
                    .Select(series => new MetricSeries(series.Key, [.. series.Points])),
            ];
        }
    }

    private sealed record Series(MetricKey Key)
    {
        public LinkedList<MetricPoint> Points { get; } = new();
    }
}

/// <summary>A series as it is now, oldest point first; it has one at least.</summary>
internal sealed record MetricSeries(MetricKey Key, IReadOnlyList<MetricPoint> Points);
