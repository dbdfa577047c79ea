using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ApiSvc.Gateway.Sync;

/// <summary>What following measures.</summary>
internal sealed class SyncMetrics
{
    private readonly ConcurrentDictionary<string, Func<FollowerStatus>> _followers = new();
    private readonly Histogram<double> _propagation;
    private readonly Counter<long> _connections;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _unwritten;

    public SyncMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("ApiSvc.Gateway.Sync");
        _propagation = meter.CreateHistogram(
            "config_propagation_seconds",
            "s",
            "From the commit of a generation to its answering calls here",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries =
                [
                    0.01,
                    0.025,
                    0.05,
                    0.1,
                    0.2,
                    0.3,
                    0.5,
                    0.75,
                    1,
                    2,
                    5,
                    10,
                    30,
                    60,
                    300,
                ],
            }
        );
        _connections = meter.CreateCounter<long>(
            "apisvc.sync.connections",
            "{connection}",
            "Streams that were opened"
        );
        _refused = meter.CreateCounter<long>(
            "apisvc.sync.refused",
            "{state}",
            "States that could not be applied as a whole"
        );
        _unwritten = meter.CreateCounter<long>(
            "apisvc.sync.unwritten",
            "{state}",
            "States that could not be written to disk"
        );
        AddGauges(meter);
    }

    /// <summary>Observes one follower.</summary>
    public void Observe(string log, Func<FollowerStatus> status) => _followers[log] = status;

    public void Applied(string log, TimeSpan afterCommit) =>
        _propagation.Record(Math.Max(0, afterCommit.TotalSeconds), Tag(log));

    public void Connected(string log) => _connections.Add(1, Tag(log));

    public void Refused(string log) => _refused.Add(1, Tag(log));

    public void Unwritten(string log) => _unwritten.Add(1, Tag(log));

    private void AddGauges(Meter meter)
    {
        meter.CreateObservableGauge(
            "apisvc.sync.generation",
            () => Observe(s => (long)s.Applied),
            description: "The generation that answers calls"
        );
        meter.CreateObservableGauge(
            "apisvc.sync.durable_generation",
            () => Observe(s => (long)s.Durable),
            description: "The generation that is on disk"
        );
        meter.CreateObservableGauge(
            "apisvc.sync.quarantined",
            () => Observe(s => s.Quarantined.Count),
            "{resource}",
            "Resources that are set aside"
        );
        meter.CreateObservableGauge(
            "apisvc.sync.connected",
            () => Observe(s => s.IsConnected ? 1 : 0),
            description: "1 while the log is followed"
        );
    }

    private IEnumerable<Measurement<T>> Observe<T>(Func<FollowerStatus, T> value)
        where T : struct =>
        _followers.Select(f => new Measurement<T>(value(f.Value()), Tag(f.Key)));

    private static KeyValuePair<string, object?> Tag(string log) => new("log", log);
}
