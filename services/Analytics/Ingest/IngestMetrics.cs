using System.Diagnostics.Metrics;

namespace ApiSvc.Analytics.Ingest;

/// <summary>What is taken in.</summary>
internal sealed class IngestMetrics
{
    private readonly Counter<long> _calls;
    private readonly Counter<long> _repeats;
    private readonly Counter<long> _setAside;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _duration;
    private long _lost;

    public IngestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("ApiSvc.Analytics");
        _calls = meter.CreateCounter<long>(
            "apisvc.analytics.calls",
            "{call}",
            "Calls that were taken in"
        );
        _repeats = meter.CreateCounter<long>(
            "apisvc.analytics.repeats",
            "{call}",
            "Calls that had been taken in before"
        );
        _setAside = meter.CreateCounter<long>(
            "apisvc.analytics.set_aside",
            "{item}",
            "Messages and records that cannot be read; they are kept with the reason"
        );
        _failures = meter.CreateCounter<long>(
            "apisvc.analytics.batch.failures",
            "{batch}",
            "Batches that were rolled back and are read again"
        );
        _duration = meter.CreateHistogram<double>(
            "apisvc.analytics.batch.duration",
            "s",
            "Time to write a batch"
        );
        meter.CreateObservableGauge(
            "apisvc.analytics.lost_calls",
            () => Interlocked.Read(ref _lost),
            "{call}",
            "Calls whose numbers were skipped in all lanes, as of the last look"
        );
    }

    public void Taken(TakenBatch batch, TimeSpan duration)
    {
        _calls.Add(batch.Calls);
        _repeats.Add(batch.Repeats);
        _setAside.Add(batch.SetAside);
        _duration.Record(duration.TotalSeconds);
        Interlocked.Add(ref _lost, batch.Lost);
    }

    public void Failed() => _failures.Add(1);

    /// <summary>How many are missing in all, of all instances.</summary>
    public void Lost(long total) => Interlocked.Exchange(ref _lost, total);
}
