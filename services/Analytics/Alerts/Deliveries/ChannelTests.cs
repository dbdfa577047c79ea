using ApiSvc.Analytics.Alerts.Channels;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>Tests of channels: notifications like others, at once.</summary>
internal sealed class ChannelTests(UnitOfWork work, NotificationWriter notifications)
{
    public async Task<Outcome<DeliveryRow>> SendAsync(Guid team, Guid channel, Actor actor)
    {
        var db = await work.OpenAsync();
        if (await ChannelRow.FindAsync(db, team, channel, "for key share") is not { } row)
        {
            return ApiProblem.NotFound;
        }

        if (row.Disabled)
        {
            return AlertProblems.NotNow("channel-disabled", "The channel is disabled.");
        }

        var delivery = await notifications.AddTestAsync(db, team, channel, row.Name);
        work.AddAudit(actor.Did("alert-channel.test", row.PublicId, team));
        await work.CommitAsync();
        return delivery;
    }
}
