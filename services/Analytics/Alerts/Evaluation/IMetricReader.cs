using ApiSvc.Analytics.Alerts.Rules;

namespace ApiSvc.Analytics.Alerts.Evaluation;

/// <summary>Reads the metric of a rule.</summary>
internal interface IMetricReader
{
    /// <returns>The metric over the rule's window; null: there is no number.</returns>
    Task<double?> ReadAsync(
        AlertRuleRow rule,
        DateTimeOffset to,
        CancellationToken cancellationToken
    );
}
