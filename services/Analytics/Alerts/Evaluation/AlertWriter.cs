using ApiSvc.Analytics.Alerts.Deliveries;
using ApiSvc.Analytics.Alerts.History;
using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.Analytics.Alerts.Silences;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Outbox;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Evaluation;

/// <summary>
/// Writes what an evaluation made of an alert, in one transaction: its status, the change, the event, and a notification for
/// each channel. Whatever dies or repeats, a change is told of once.
/// </summary>
internal sealed class AlertWriter(
    UnitOfWork work,
    NotificationWriter notifications,
    UuidGenerator ids,
    TimeProvider time
)
{
    private const string Topic = "apisvc.alerts";

    public async Task WriteAsync(
        NpgsqlConnection db,
        AlertRuleRow rule,
        AlertStatus before,
        AlertStatus after,
        string reason
    )
    {
        var isChange = after.State != before.State;
        var isNews =
            after is { State: AlertState.Firing, Notified: false }
            || (isChange && after is { State: AlertState.Resolved, Notified: true });
        var isTellable = isChange && after.State is AlertState.Firing or AlertState.Resolved;
        var silenced =
            (isNews || isTellable) && await SilenceRow.CoverAsync(db, rule, time.GetStoredNow());
        var change = isChange
            ? await AddChangeAsync(db, rule, before, after, silenced, reason)
            : null;
        if (isNews && !silenced)
        {
            await notifications.AddAsync(db, rule, after, change?.Id);
        }

        await (
            after with
            {
                Notified = after.State == AlertState.Firing && (after.Notified || !silenced),
            }
        ).UpdateAsync(db);
    }

    /// <summary>Ends the alert of a rule that is not evaluated any more.</summary>
    public async Task EndAsync(NpgsqlConnection db, AlertRuleRow rule, string reason)
    {
        var before = await AlertStatus.LockAsync(db, rule.Id);
        await WriteAsync(db, rule, before, AlertCondition.End(before, time.GetStoredNow()), reason);
    }

    private async Task<AlertChangeRow> AddChangeAsync(
        NpgsqlConnection db,
        AlertRuleRow rule,
        AlertStatus before,
        AlertStatus after,
        bool silenced,
        string reason
    )
    {
        var change = new AlertChangeRow
        {
            Id = ids.Next(),
            TeamId = rule.TeamId,
            RuleId = rule.Id,
            RuleName = rule.Name,
            Severity = rule.Severity,
            AlertId = after.AlertId!.Value,
            FromState = before.State,
            ToState = after.State,
            Time = after.Since,
            Value = after.Value,
            Threshold = rule.Threshold,
            Silenced = silenced,
            Reason = reason,
        };
        await change.InsertAsync(db);
        work.AddEvent(
            OutboxEvent.Of(
                Topic,
                rule.PublicId,
                new AlertChanged { Change = change.ToMessage(), Rule = rule.ToMessage() }
            )
        );
        return change;
    }
}
