using ApiSvc.Analytics.Alerts.Channels;
using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>
/// Notifications that wait to be sent. Any instance takes one for a while; to a channel one at a time, so that a slow
/// receiver holds up nobody else, and gets them in their order as long as it takes them.
/// </summary>
internal sealed class DeliveryQueue(
    NpgsqlDataSource database,
    IOptions<AlertOptions> options,
    TimeProvider time
)
{
    /// <summary>The pauses after failed attempts, 16 hours in all; after the last the notification is given up.</summary>
    public static IReadOnlyList<TimeSpan> Pauses { get; } =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(8),
    ];

    /// <summary>The longest pause while a part of the suite is away.</summary>
    public static readonly TimeSpan LongestAway = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>Takes the next one that is due. If nothing is heard of it, it is due again.</summary>
    public async Task<DeliveryRow?> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = time.GetStoredNow();
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        return await db.QuerySingleOrDefaultAsync<DeliveryRow>(
            """
            update alert_delivery set attempts = attempts + 1, last_attempt_at = @now, leased_until = @until where id = (
              select d.id from alert_delivery d
              where d.status = 'Waiting' and d.due_at <= @now and (d.leased_until is null or d.leased_until <= @now)
                and not exists (
                  select from alert_delivery o
                  where o.channel_id = d.channel_id and o.status = 'Waiting' and o.leased_until > @now)
              order by d.due_at, d.id limit 1 for update skip locked)
            returning *
            """,
            new
            {
                now,
                until = now + (2 * options.Value.DeliveryTimeout) + TimeSpan.FromSeconds(30),
            }
        );
    }

    public async Task<ChannelRow?> ChannelOfAsync(
        DeliveryRow delivery,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        return await ChannelRow.FindAsync(db, delivery.TeamId, delivery.ChannelId);
    }

    /// <summary>Writes down what came of an attempt, except that the receiver is gone.</summary>
    public async Task FinishAsync(
        DeliveryRow delivery,
        SendResult result,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetStoredNow();
        var pause = PauseAfter(delivery.Attempts, result);
        var status =
            result.Outcome == SendOutcome.Delivered ? DeliveryStatus.Delivered
            : pause is null ? DeliveryStatus.GivenUp
            : DeliveryStatus.Waiting;
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await db.ExecuteAsync(
            """
            update alert_delivery set status = @status, due_at = @due, leased_until = null, ended_at = @ended,
              last_answer = @Answer
            where id = @Id and status = 'Waiting' and attempts = @Attempts
            """,
            new
            {
                delivery.Id,
                delivery.Attempts,
                status = status.ToString(),
                due = now + (pause ?? TimeSpan.Zero),
                ended = status == DeliveryStatus.Waiting ? (DateTimeOffset?)null : now,
                result.Answer,
            }
        );
    }

    /// <returns>Null: there is no next attempt.</returns>
    public static TimeSpan? PauseAfter(int attempts, SendResult result) =>
        result.Outcome switch
        {
            SendOutcome.Away => Shorter(Pauses[Math.Min(attempts, Pauses.Count) - 1], LongestAway),
            SendOutcome.Failed when attempts <= Pauses.Count => Longer(
                Pauses[attempts - 1],
                Shorter(result.RetryAfter ?? TimeSpan.Zero, LongestAsked)
            ),
            _ => null,
        };

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
