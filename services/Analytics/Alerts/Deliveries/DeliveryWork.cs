using System.Collections.Frozen;
using ApiSvc.Analytics.Alerts.Channels;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Dapper;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>Sends a notification that was taken from the queue.</summary>
internal sealed partial class DeliveryWork(
    DeliveryQueue queue,
    IEnumerable<IChannelSender> senders,
    IServiceScopeFactory scopes,
    AlertMetrics metrics,
    TimeProvider time,
    ILogger<DeliveryWork> logger
)
{
    private const string GoneReason = "The receiver answered 410 Gone.";

    private readonly FrozenDictionary<ChannelType, IChannelSender> _senders =
        senders.ToFrozenDictionary(s => s.Kind);

    /// <summary>Sends all that is due, one after the other.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        while (await queue.ClaimAsync(cancellationToken) is { } delivery)
        {
            await SendAsync(delivery, cancellationToken);
        }
    }

    public async Task SendAsync(DeliveryRow delivery, CancellationToken cancellationToken)
    {
        var channel = await queue.ChannelOfAsync(delivery, cancellationToken);
        if (channel is null or { Disabled: true })
        {
            await queue.FinishAsync(
                delivery,
                new(SendOutcome.Refused, "The channel is disabled."),
                cancellationToken
            );
            return;
        }

        var result = await TryAsync(delivery, channel, cancellationToken);
        metrics.Delivery(channel.Kind.ToString(), result.Outcome.ToString());
        if (result.Outcome == SendOutcome.Gone)
        {
            await DisableAsync(channel, delivery, result, cancellationToken);
            return;
        }

        await queue.FinishAsync(delivery, result, cancellationToken);
        if (
            DeliveryQueue.PauseAfter(delivery.Attempts, result) is null
            && result.Outcome != SendOutcome.Delivered
        )
        {
            Log.GivenUp(logger, delivery.PublicId, delivery.Attempts, channel.PublicId);
        }
    }

    private async Task<SendResult> TryAsync(
        DeliveryRow delivery,
        ChannelRow channel,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _senders[channel.Kind].SendAsync(delivery, channel, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, e, delivery.PublicId);
            return new(SendOutcome.Failed, "It could not be sent, for a reason of ours.");
        }
    }

    private async Task DisableAsync(
        ChannelRow channel,
        DeliveryRow delivery,
        SendResult result,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        var db = await work.OpenAsync(cancellationToken);
        var before = await ChannelRow.FindAsync(db, channel.TeamId, channel.Id, "for update");
        await db.ExecuteAsync(
            """
            update alert_delivery set status = 'GivenUp', leased_until = null, ended_at = @now,
              last_answer = case when id = @Id then @Answer else 'The channel is disabled.' end
            where channel_id = @ChannelId and status = 'Waiting'
            """,
            new
            {
                delivery.Id,
                delivery.ChannelId,
                result.Answer,
                now = time.GetStoredNow(),
            }
        );
        if (before is { Disabled: false })
        {
            var after = before with
            {
                Disabled = true,
                DisabledReason = GoneReason,
                Version = before.Version + 1,
            };
            await db.ExecuteAsync(
                "update alert_channel set disabled = true, disabled_reason = @DisabledReason, version = @Version where id = @Id",
                after.Parameters
            );
            work.AddAudit(
                Actor
                    .System("analytics")
                    .Did(
                        "alert-channel.disable",
                        after.PublicId,
                        after.TeamId,
                        before.ToDocument(),
                        after.ToDocument()
                    )
            );
        }

        await work.CommitAsync(cancellationToken);
        Log.Gone(logger, channel.PublicId);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The notification {Id} is given up at attempt {Attempt} over channel {Channel}"
        )]
        public static partial void GivenUp(ILogger logger, string id, int attempt, string channel);

        [LoggerMessage(LogLevel.Warning, "The channel {Channel} is disabled: 410 Gone")]
        public static partial void Gone(ILogger logger, string channel);

        [LoggerMessage(LogLevel.Error, "The notification {Id} could not be sent")]
        public static partial void Failed(ILogger logger, Exception exception, string id);
    }
}
