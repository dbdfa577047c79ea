using System.Text;
using ApiSvc.Analytics.Alerts.Channels;
using ApiSvc.Analytics.Webhooks;
using ApiSvc.ServiceDefaults.Sealing;
using Microsoft.Extensions.Options;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>Webhooks that take text and blocks as Slack's do.</summary>
internal sealed class SlackSender(
    WebhookCaller caller,
    ISealer sealer,
    IOptions<AlertOptions> options
) : IChannelSender
{
    public ChannelType Kind => ChannelType.Slack;

    public async Task<SendResult> SendAsync(
        DeliveryRow delivery,
        ChannelRow channel,
        CancellationToken cancellationToken
    )
    {
        var opened = sealer.Open(ChannelRow.SecretColumn.At(channel.Id), channel.Secret);
        if (opened.Text is not { } url)
        {
            return new(SendOutcome.Away, "The channel's address cannot be read now.");
        }

        var message = SlackMessage.Of(AlertJson.Read<Notification>(delivery.Content));
        return SendResult.Of(
            await caller.PostAsync(
                new Uri(url),
                Encoding.UTF8.GetBytes(AlertJson.Write(message)),
                [],
                options.Value.DeliveryTimeout,
                cancellationToken
            )
        );
    }
}
