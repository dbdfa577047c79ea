using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf.WellKnownTypes;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Alerts.Rules;

/// <summary>Rules in the contract's messages.</summary>
internal static class AlertRuleMessages
{
    public static V1.AlertRule ToMessage(this AlertRuleRow row) =>
        new()
        {
            Id = row.PublicId,
            TeamId = new Id<TeamKind>(row.TeamId).ToString(),
            Name = row.Name,
            Description = row.Description,
            Metric = (V1.Metric)(int)row.Metric,
            Side = (V1.Side)(int)row.Side,
            Filters = { AlertFilters.ToMessages(row.FilterList) },
            WindowSeconds = (uint)row.WindowSeconds,
            Comparison = (V1.AlertComparison)(int)row.Comparison,
            Threshold = row.Threshold,
            HoldSeconds = (uint)row.HoldSeconds,
            NoData = (V1.AlertNoData)(int)row.NoData,
            Severity = (V1.AlertSeverity)(int)row.Severity,
            ChannelIds = { row.ChannelIds.Select(c => new Id<ChannelKind>(c).ToString()) },
            Disabled = row.Disabled,
            Etag = MessageEtag.Of(row.Version),
            CreatedAt = row.CreatedAt.ToTimestamp(),
        };

    /// <exception cref="ApiProblemException">All that is wrong with it.</exception>
    public static AlertRuleInput ToInput(this V1.AlertRule rule)
    {
        var input = new AlertRuleInput
        {
            Name = rule.Name,
            Description = rule.Description,
            Metric = (Metric)(int)rule.Metric,
            Side = (Side)(int)rule.Side,
            Filters = AlertFilters.Read(rule.Filters),
            WindowSeconds = (int)Math.Min(rule.WindowSeconds, int.MaxValue),
            Comparison = (AlertComparison)(int)rule.Comparison,
            Threshold = rule.Threshold,
            HoldSeconds = (int)Math.Min(rule.HoldSeconds, int.MaxValue),
            NoData =
                rule.NoData == V1.AlertNoData.Unspecified ? NoData.Ok : (NoData)(int)rule.NoData,
            Severity =
                rule.Severity == V1.AlertSeverity.Unspecified
                    ? AlertSeverity.Warning
                    : (AlertSeverity)(int)rule.Severity,
            ChannelIds =
            [
                .. rule
                    .ChannelIds.Select(c => Id<ChannelKind>.TryParse(c, out var id) ? id : default)
                    .Where(id => id != default),
            ],
            Enabled = !rule.Disabled,
        };
        var violations = MessageRules.Find(input, "rule").ToList();
        violations.AddRange(
            rule.ChannelIds.Index()
                .Where(c => !Id<ChannelKind>.TryParse(c.Item, out _))
                .Select(c => new Violation(
                    $"#/rule/channel_ids[{c.Index}]",
                    "invalid_id",
                    "Give an id that starts with 'channel_'."
                ))
        );
        return violations.Count == 0
            ? input
            : throw new ApiProblemException(ApiProblem.Invalid(violations));
    }
}
