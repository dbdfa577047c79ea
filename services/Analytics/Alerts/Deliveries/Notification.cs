using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>
/// What receivers are told; as JSON it is the body of a signed webhook. More properties may come; none goes or changes its
/// meaning.
/// </summary>
/// <param name="Id"><c>ntf_…</c>, the same in every attempt, as in <c>webhook-id</c>.</param>
/// <param name="Type"><c>alert.firing</c>, <c>alert.resolved</c> or <c>alert.test</c>.</param>
/// <param name="Timestamp">When it came to be, UTC.</param>
/// <param name="Data">The alert.</param>
internal sealed record Notification(
    string Id,
    string Type,
    DateTime Timestamp,
    NotificationData Data
)
{
    public const string Firing = "alert.firing";
    public const string Resolved = "alert.resolved";
    public const string Test = "alert.test";

    public static Notification Of(
        Guid id,
        AlertRuleRow rule,
        AlertStatus status,
        DateTimeOffset now
    ) =>
        new(
            new Id<NotificationKind>(id).ToString(),
            status.State == AlertState.Firing ? Firing : Resolved,
            now.UtcDateTime,
            new()
            {
                TeamId = new Id<TeamKind>(rule.TeamId).ToString(),
                RuleId = rule.PublicId,
                RuleName = rule.Name,
                Description = rule.Description,
                AlertId = new Id<AlertKind>(status.AlertId!.Value).ToString(),
                State = status.State,
                Severity = rule.Severity,
                Metric = rule.Metric,
                Filters = rule.FilterList,
                WindowSeconds = rule.WindowSeconds,
                Comparison = rule.Comparison,
                Threshold = rule.Threshold,
                Value = status.Value,
                Summary = AlertWording.Reason(rule, status.Value),
                StartedAt = status.StartedAt?.UtcDateTime,
                FiredAt = status.FiredAt?.UtcDateTime,
                ResolvedAt = status.State == AlertState.Resolved ? status.Since.UtcDateTime : null,
            }
        );

    public static Notification OfTest(Guid id, Guid team, string channel, DateTimeOffset now) =>
        new(
            new Id<NotificationKind>(id).ToString(),
            Test,
            now.UtcDateTime,
            new()
            {
                TeamId = new Id<TeamKind>(team).ToString(),
                Summary = $"A test of the channel '{channel}'. No alert fires.",
            }
        );
}

/// <summary>The alert that is told of; of a test only the team and the summary.</summary>
internal sealed record NotificationData
{
    public required string TeamId { get; init; }

    public string? RuleId { get; init; }

    public string? RuleName { get; init; }

    public string? Description { get; init; }

    /// <summary>The same in the notifications that it fires and that it is resolved.</summary>
    public string? AlertId { get; init; }

    public AlertState? State { get; init; }

    public AlertSeverity? Severity { get; init; }

    public Metric? Metric { get; init; }

    public IReadOnlyList<AlertFilter>? Filters { get; init; }

    public int? WindowSeconds { get; init; }

    public AlertComparison? Comparison { get; init; }

    /// <summary>In the metric's unit.</summary>
    public double? Threshold { get; init; }

    /// <summary>In the metric's unit; absent where there is no number.</summary>
    public double? Value { get; init; }

    /// <summary>In a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>When the condition began to hold.</summary>
    public DateTime? StartedAt { get; init; }

    public DateTime? FiredAt { get; init; }

    public DateTime? ResolvedAt { get; init; }
}
