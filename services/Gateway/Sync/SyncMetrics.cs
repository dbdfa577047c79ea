using System.Diagnostics.Metrics;

namespace ApiSvc.Gateway.Sync;

/// <summary>What following measures.</summary>
internal sealed class SyncMetrics
{
    private readonly Meter _meter;
    private readonly Histogram<double> _propagation;
    private readonly Counter<long> _connections;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _unwritten;

    public SyncMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("ApiSvc.Gateway.Sync");
        _propagation = _meter.CreateHistogram(
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
        _connections = _meter.CreateCounter<long>(
            "apisvc.sync.connections",
            "{connection}",
            "Streams that were opened"
        );
        _refused = _meter.CreateCounter<long>(
            "apisvc.sync.refused",
            "{state}",
            "States that could not be applied as a whole"
        );
        _unwritten = _meter.CreateCounter<long>(
            "apisvc.sync.unwritten",
            "{state}",
            "States that could not be written to disk"
        );
    }

    /// <summary>Observes one follower.</summary>
    public void Observe(string log, Func<FollowerStatus> status)
    {
        var tag = Tag(log);
        _meter.CreateObservableGauge(
            "apisvc.sync.generation",
            () => new Measurement<long>((long)status().Applied, tag),
            description: "The generation that answers calls"
        );
        _meter.CreateObservableGauge(
            "apisvc.sync.durable_generation",
            () => new Measurement<long>((long)status().Durable, tag),
            description: "The generation that is on disk"
        );
        _meter.CreateObservableGauge(
            "apisvc.sync.quarantined",
            () => new Measurement<int>(status().Quarantined.Count, tag),
            "{resource}",
            "Resources that are set aside"
        );
        _meter.CreateObservableGauge(
            "apisvc.sync.connected",
            () => new Measurement<int>(status().IsConnected ? 1 : 0, tag),
            description: "1 while the log is followed"
        );
    }

    public void Applied(string log, TimeSpan afterCommit) =>
        _propagation.Record(Math.Max(0, afterCommit.TotalSeconds), Tag(log));

    public void Connected(string log) => _connections.Add(1, Tag(log));

    public void Refused(string log) => _refused.Add(1, Tag(log));

    public void Unwritten(string log) => _unwritten.Add(1, Tag(log));

    private static KeyValuePair<string, object?> Tag(string log) => new("log", log);
}
