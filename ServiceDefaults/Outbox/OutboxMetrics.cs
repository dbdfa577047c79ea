using System.Diagnostics.Metrics;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>What the relay did and what waits for it. Only the leader knows what waits; the others report nothing.</summary>
internal sealed class OutboxMetrics
{
    private readonly Counter<long> published;
    private readonly Counter<long> rejected;
    private readonly Counter<long> unavailable;
    private readonly TimeProvider time;

    // A reference, so that it is swapped whole between the relay's thread and the collector's.
    private volatile Box? backlog;

    public OutboxMetrics(IMeterFactory meters, TimeProvider time)
    {
        this.time = time;
        var meter = ServiceMeter.Create(meters);
        published = meter.CreateCounter<long>("apisvc.outbox.published", "{event}");
        rejected = meter.CreateCounter<long>(
            "apisvc.outbox.rejected",
            "{event}",
            "Events that can never be published; they are kept with the reason"
        );
        unavailable = meter.CreateCounter<long>(
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
        backlog = value is { } measured ? new Box(measured) : null;

    public void Count(PublishStatus status)
    {
        var counter = status switch
        {
            PublishStatus.Acknowledged => published,
            PublishStatus.Rejected => rejected,
            _ => unavailable,
        };
        counter.Add(1);
    }

    private IEnumerable<Measurement<T>> Observe<T>(Func<OutboxBacklog, T> value)
        where T : struct => backlog is { } known ? [new(value(known.Value))] : [];

    private sealed record Box(OutboxBacklog Value);
}
