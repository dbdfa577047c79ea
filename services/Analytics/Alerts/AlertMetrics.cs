using System.Diagnostics.Metrics;

namespace ApiSvc.Analytics.Alerts;

/// <summary>What alerting does.</summary>
internal sealed class AlertMetrics
{
    private readonly Counter<long> _evaluations;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _deliveries;

    public AlertMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("ApiSvc.Analytics");
        _evaluations = meter.CreateCounter<long>("apisvc.alerts.evaluations", "{evaluation}");
        _failures = meter.CreateCounter<long>(
            "apisvc.alerts.evaluation.failures",
            "{evaluation}",
            "Evaluations that failed; they are repeated"
        );
        _deliveries = meter.CreateCounter<long>(
            "apisvc.alerts.delivery.attempts",
            "{attempt}",
            "Attempts to deliver notifications, by what came of them"
        );
    }

    public void Evaluated() => _evaluations.Add(1);

    public void Failed() => _failures.Add(1);

    public void Delivery(string channelKind, string outcome) =>
        _deliveries.Add(1, new("channel.kind", channelKind), new("outcome", outcome));
}
