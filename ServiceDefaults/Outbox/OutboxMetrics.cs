using System.Diagnostics.Metrics;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>What the relay did and what waits for it. Only the leader knows what waits; the others report nothing.</summary>
internal sealed class OutboxMetrics
{
    private readonly Counter<long> _published;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _unavailable;
    private readonly TimeProvider _time;

    // A reference, so that it is swapped whole between the relay's thread and the collector's.
    private volatile Box? _backlog;

    public OutboxMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = ServiceMeter.Create(meters);
        _published = meter.CreateCounter<long>("apisvc.outbox.published", "{event}");
        _rejected = meter.CreateCounter<long>(
            "apisvc.outbox.rejected",
            "{event}",
            "Events that can never be published; they are kept with the reason"
        );
        _unavailable = meter.CreateCounter<long>(
            "apisvc.outbox.unavailable",
            "{event}",
            "Tries that failed because the receiver was away"
        );
        meter.CreateObservableGauge(
            "apisvc.outbox.backlog",
            () => Observe(b => b.Waiting),
            "{event}",
            "Committed events that are not published yet"
        );
        meter.CreateObservableGauge(
            "apisvc.outbox.failed",
            () => Observe(b => b.Failed),
            "{event}",
            "Events that are kept because they can never be published"
        );
        meter.CreateObservableGauge(
            "apisvc.outbox.oldest_age",
            () =>
                Observe(b =>
                    b.Oldest is { } t ? (time.GetUtcNow().UtcDateTime - t).TotalSeconds : 0
                ),
            "s",
            "Age of the oldest event that is not published yet"
        );
    }

    public void Backlog(OutboxBacklog? value) =>
        _backlog = value is { } measured ? new Box(measured) : null;

    public void Count(PublishStatus status)
    {
        var counter = status switch
        {
            PublishStatus.Acknowledged => _published,
            PublishStatus.Rejected => _rejected,
            _ => _unavailable,
        };
        counter.Add(1);
    }

    private IEnumerable<Measurement<T>> Observe<T>(Func<OutboxBacklog, T> value)
        where T : struct => _backlog is { } known ? [new(value(known.Value))] : [];

    private sealed record Box(OutboxBacklog Value);
}
