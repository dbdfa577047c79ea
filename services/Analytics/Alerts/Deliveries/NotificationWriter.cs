using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>Puts notifications into the queue, in the transaction of what they tell of.</summary>
internal sealed class NotificationWriter(UuidGenerator ids, TimeProvider time)
{
    /// <summary>One for each of the rule's channels that is enabled.</summary>
    public async Task AddAsync(
        NpgsqlConnection db,
        AlertRuleRow rule,
        AlertStatus status,
        Guid? change
    )
    {
        var channels = await db.QueryAsync<Guid>(
            "select id from alert_channel where team_id = @TeamId and id = any(@ChannelIds) and not disabled order by id",
            new { rule.TeamId, rule.ChannelIds }
        );
        var now = time.GetStoredNow();
        foreach (var channel in channels)
        {
            var id = ids.Next();
            await InsertAsync(
                db,
                rule.TeamId,
                channel,
                rule.Id,
                change,
                id,
                Notification.Of(id, rule, status, now)
            );
        }
    }

    /// <summary>A test of a channel.</summary>
    public Task<DeliveryRow> AddTestAsync(NpgsqlConnection db, Guid team, Guid channel, string name)
    {
        var id = ids.Next();
        return InsertAsync(
            db,
            team,
            channel,
            rule: null,
            change: null,
            id,
            Notification.OfTest(id, team, name, time.GetStoredNow())
        );
    }

    private async Task<DeliveryRow> InsertAsync(
        NpgsqlConnection db,
        Guid team,
        Guid channel,
        Guid? rule,
        Guid? change,
        Guid id,
        Notification notification
    )
    {
        var now = time.GetStoredNow();
        return await db.QuerySingleAsync<DeliveryRow>(
            """
            insert into alert_delivery (id, team_id, channel_id, rule_id, change_id, type, content, status, attempts, due_at,
              created_at, last_answer)
            values (@id, @team, @channel, @rule, @change, @type, @content, 'Waiting', 0, @now, @now, '')
            returning *
            """,
            new
            {
                id,
                team,
                channel,
                rule,
                change,
                type = notification.Type,
                content = AlertJson.Write(notification),
                now,
            }
        );
    }
}
