using System.Diagnostics.Metrics;

namespace ApiSvc.Spool;

/// <summary>What a spool measures.</summary>
internal sealed class SpoolMetrics
{
    public const string MeterName = "ApiSvc.Spool";

    public SpoolMetrics(IMeterFactory meters, RecordSpool spool, TimeProvider time)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableCounter(
            "apisvc.spool.appended",
            () => spool.Status.Appended,
            "{record}",
            "Records that were appended"
        );
        meter.CreateObservableCounter(
            "apisvc.spool.shipped",
            () => spool.Status.Shipped,
            "{record}",
            "Records that Kafka has taken"
        );
        meter.CreateObservableCounter(
            "apisvc.spool.dropped",
            () => Dropped(spool.Status),
            "{record}",
            "Records that were lost, by reason"
        );
        meter.CreateObservableGauge(
            "apisvc.spool.size",
            () => spool.Status.Bytes,
            "By",
            "Bytes on the disk"
        );
        meter.CreateObservableGauge(
            "apisvc.spool.oldest_age",
            () =>
                spool.Status.OldestAt is { } oldest ? (time.GetUtcNow() - oldest).TotalSeconds : 0,
            "s",
            "Age of the oldest record that Kafka does not have"
        );
    }

    private static IEnumerable<Measurement<long>> Dropped(SpoolStatus status) =>
        [
            new(status.DroppedForRoom, Reason("no_room")),
            new(status.DroppedForBound, Reason("bound")),
            new(status.Corrupted, Reason("corrupted")),
            new(status.Rejected, Reason("rejected")),
        ];

    private static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);
}
