using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.Analytics.Queries;

namespace ApiSvc.Analytics.Alerts.Evaluation;

/// <summary>Reads metrics as queries do, with the rights of the rule's team.</summary>
internal sealed class QueriedMetrics(QueryEngine engine) : IMetricReader
{
    public async Task<double?> ReadAsync(
        AlertRuleRow rule,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        var question = new CallQuestion
        {
            Scope = new QueryScope(rule.TeamId),
            Side = rule.Side,
            Range = new QueryRange(to.UtcDateTime.AddSeconds(-rule.WindowSeconds), to.UtcDateTime),
            Filters = AlertFilters.ToQuery(rule.FilterList),
            Measures = MetricValues.Needs(rule.Metric),
        };
        var cells = await engine.CountAsync(
            question,
            new QueryCheck(name => name),
            cancellationToken
        );
        var all = cells.Values.SingleOrDefault();
        return all is { Calls: > 0 } ? MetricValues.Of(rule.Metric, all)
            : MetricValues.CountsUp(rule.Metric) ? 0
            : null;
    }
}
