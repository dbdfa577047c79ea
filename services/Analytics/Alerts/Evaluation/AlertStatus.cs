using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Evaluation;

/// <summary>A row of the table <c>alert</c>.</summary>
internal sealed record AlertStatus
{
    public Guid RuleId { get; init; }

    public AlertState State { get; init; } = AlertState.Inactive;

    public DateTimeOffset Since { get; init; }

    /// <summary>From the moment the condition began to hold to the next time it does.</summary>
    public Guid? AlertId { get; init; }

    /// <summary>When the condition began to hold.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FiredAt { get; init; }

    /// <summary>At the last evaluation; null where there was no number.</summary>
    public double? Value { get; init; }

    /// <summary>The end of the last window that was evaluated.</summary>
    public DateTimeOffset? EvaluatedTo { get; init; }

    /// <summary>Whether anybody was told that it fires.</summary>
    public bool Notified { get; init; }

    public static Task InsertAsync(NpgsqlConnection db, Guid rule, DateTimeOffset now) =>
        db.ExecuteAsync(
            "insert into alert (rule_id, state, since, notified) values (@rule, 'Inactive', @now, false)",
            new { rule, now }
        );

    /// <summary>Reads it for a change.</summary>
    public static Task<AlertStatus> LockAsync(NpgsqlConnection db, Guid rule) =>
        db.QuerySingleAsync<AlertStatus>(
            "select * from alert where rule_id = @rule for update",
            new { rule }
        );

    public Task UpdateAsync(NpgsqlConnection db) =>
        db.ExecuteAsync(
            """
            update alert set state = @State, since = @Since, alert_id = @AlertId, started_at = @StartedAt,
              fired_at = @FiredAt, value = @Value, evaluated_to = @EvaluatedTo, notified = @Notified
            where rule_id = @RuleId
            """,
            new
            {
                RuleId,
                State = State.ToString(),
                Since,
                AlertId,
                StartedAt,
                FiredAt,
                Value,
                EvaluatedTo,
                Notified,
            }
        );
}
