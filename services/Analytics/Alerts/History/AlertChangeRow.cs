using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Alerts.History;

/// <summary>A row of the table <c>alert_change</c>.</summary>
internal sealed record AlertChangeRow
{
    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public Guid RuleId { get; init; }

    public string RuleName { get; init; } = "";

    public AlertSeverity Severity { get; init; }

    public Guid AlertId { get; init; }

    public AlertState FromState { get; init; }

    public AlertState ToState { get; init; }

    public DateTimeOffset Time { get; init; }

    public double? Value { get; init; }

    public double Threshold { get; init; }

    public bool Silenced { get; init; }

    public string Reason { get; init; } = "";

    public Task InsertAsync(NpgsqlConnection db) =>
        db.ExecuteAsync(
            """
            insert into alert_change (id, team_id, rule_id, rule_name, severity, alert_id, from_state, to_state, time, value,
              threshold, silenced, reason)
            values (@Id, @TeamId, @RuleId, @RuleName, @Severity, @AlertId, @FromState, @ToState, @Time, @Value, @Threshold,
              @Silenced, @Reason)
            """,
            new
            {
                Id,
                TeamId,
                RuleId,
                RuleName,
                Severity = Severity.ToString(),
                AlertId,
                FromState = FromState.ToString(),
                ToState = ToState.ToString(),
                Time,
                Value,
                Threshold,
                Silenced,
                Reason,
            }
        );

    public AlertChangeDocument ToDocument() =>
        new(
            new(Id),
            new(AlertId),
            new(RuleId),
            RuleName,
            Severity,
            FromState,
            ToState,
            Time,
            Value,
            Threshold,
            Silenced,
            Reason
        );

    public V1.AlertChange ToMessage()
    {
        var message = new V1.AlertChange
        {
            Id = new Id<AlertChangeKind>(Id).ToString(),
            AlertId = new Id<AlertKind>(AlertId).ToString(),
            RuleId = new Id<AlertRuleKind>(RuleId).ToString(),
            RuleName = RuleName,
            TeamId = new Id<TeamKind>(TeamId).ToString(),
            Severity = (V1.AlertSeverity)(int)Severity,
            From = (V1.AlertState)(int)FromState,
            To = (V1.AlertState)(int)ToState,
            Time = Time.ToTimestamp(),
            Threshold = Threshold,
            Silenced = Silenced,
            Reason = Reason,
        };
        if (Value is { } value)
        {
            message.Value = value;
        }

        return message;
    }
}

/// <summary>A change of an alert's state.</summary>
/// <param name="Threshold">As the rule was then.</param>
/// <param name="Silenced">Nobody was told because of a silence.</param>
internal sealed record AlertChangeDocument(
    Id<AlertChangeKind> Id,
    Id<AlertKind> AlertId,
    Id<AlertRuleKind> RuleId,
    string RuleName,
    AlertSeverity Severity,
    AlertState From,
    AlertState To,
    DateTimeOffset Time,
    double? Value,
    double Threshold,
    bool Silenced,
    string Reason
);
