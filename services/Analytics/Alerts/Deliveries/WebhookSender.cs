using System.Globalization;
using System.Text;
using ApiSvc.Analytics.Alerts.Channels;
using ApiSvc.Analytics.Webhooks;
using ApiSvc.ServiceDefaults.Sealing;
using Microsoft.Extensions.Options;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>Signed webhooks: the notification is the body.</summary>
internal sealed class WebhookSender(
    WebhookCaller caller,
    ISealer sealer,
    IOptions<AlertOptions> options,
    TimeProvider time
) : IChannelSender
{
    public ChannelType Kind => ChannelType.Webhook;

    public async Task<SendResult> SendAsync(
        DeliveryRow delivery,
        ChannelRow channel,
        CancellationToken cancellationToken
    )
    {
        var opened = sealer.Open(ChannelRow.SecretColumn.At(channel.Id), channel.Secret);
        if (opened.Text is not { } secret)
        {
            return new(SendOutcome.Away, "The channel's secret cannot be read now.");
        }

        var body = Encoding.UTF8.GetBytes(delivery.Content);
        // Of this attempt: receivers refuse what is older than some minutes.
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        var signature = WebhookSignature.Sign(
            WebhookSecret.KeyOf(secret),
            delivery.PublicId,
            timestamp,
            body
        );
        return SendResult.Of(
            await caller.PostAsync(
                new Uri(channel.Url),
                body,
                [
                    (WebhookSignature.IdHeader, delivery.PublicId),
                    (
                        WebhookSignature.TimestampHeader,
                        timestamp.ToString(CultureInfo.InvariantCulture)
                    ),
                    (WebhookSignature.SignatureHeader, signature),
                ],
                options.Value.DeliveryTimeout,
                cancellationToken
            )
        );
    }
}
