using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using Google.Protobuf.WellKnownTypes;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Alerts.History;

/// <summary>The alert of a rule as it is listed.</summary>
internal sealed record AlertRow
{
    public Guid RuleId { get; init; }

    public string RuleName { get; init; } = "";

    public Guid TeamId { get; init; }

    public AlertSeverity Severity { get; init; }

    public AlertState State { get; init; }

    public DateTimeOffset Since { get; init; }

    public Guid? AlertId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FiredAt { get; init; }

    public double? Value { get; init; }

    public DateTimeOffset? EvaluatedTo { get; init; }

    /// <summary>Of the rule, for silences.</summary>
    public string Filters { get; init; } = "[]";

    public bool Silenced { get; init; }

    public AlertDocument ToDocument() =>
        new(
            new(RuleId),
            RuleName,
            Severity,
            State,
            Since,
            AlertId is { } id ? new Id<AlertKind>(id) : null,
            StartedAt,
            FiredAt,
            Value,
            EvaluatedTo,
            Silenced
        );

    public V1.Alert ToMessage()
    {
        var message = new V1.Alert
        {
            RuleId = new Id<AlertRuleKind>(RuleId).ToString(),
            RuleName = RuleName,
            TeamId = new Id<TeamKind>(TeamId).ToString(),
            Severity = (V1.AlertSeverity)(int)Severity,
            State = (V1.AlertState)(int)State,
            Since = Since.ToTimestamp(),
            AlertId = AlertId is { } id ? new Id<AlertKind>(id).ToString() : "",
            StartedAt = StartedAt?.ToTimestamp(),
            FiredAt = FiredAt?.ToTimestamp(),
            EvaluatedTo = EvaluatedTo?.ToTimestamp(),
            Silenced = Silenced,
        };
        if (Value is { } value)
        {
            message.Value = value;
        }

        return message;
    }
}

/// <summary>The alert of a rule.</summary>
/// <param name="Since">Since when it is in this state.</param>
/// <param name="AlertId">From the moment the condition began to hold to the next time it does; null before the first.</param>
/// <param name="StartedAt">When the condition began to hold.</param>
/// <param name="Value">At the last evaluation; null where there was no number.</param>
/// <param name="EvaluatedTo">The end of the last window that was evaluated.</param>
/// <param name="Silenced">Whether a silence covers it now.</param>
internal sealed record AlertDocument(
    Id<AlertRuleKind> RuleId,
    string RuleName,
    AlertSeverity Severity,
    AlertState State,
    DateTimeOffset Since,
    Id<AlertKind>? AlertId,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FiredAt,
    double? Value,
    DateTimeOffset? EvaluatedTo,
    bool Silenced
);
