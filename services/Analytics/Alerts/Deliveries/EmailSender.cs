using System.Net;
using ApiSvc.Analytics.Alerts.Channels;
using ApiSvc.Contracts.Identity.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>E-mail, through Identity, which knows the notification's id and takes it once.</summary>
internal sealed class EmailSender(Mail.MailClient mail, IOptions<AlertOptions> options)
    : IChannelSender
{
    // What Identity takes at most.
    private const int LongestSubject = 200;

    public ChannelType Kind => ChannelType.Email;

    public async Task<SendResult> SendAsync(
        DeliveryRow delivery,
        ChannelRow channel,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await mail.SendEmailAsync(
                Write(delivery, channel),
                deadline: DateTime.UtcNow + options.Value.DeliveryTimeout,
                cancellationToken: cancellationToken
            );
            return new(SendOutcome.Delivered, "The mail sender took it.");
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            return new(SendOutcome.Refused, $"The mail sender refuses it: {e.Status.Detail}");
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(SendOutcome.Away, $"The mail sender does not take it now: {e.StatusCode}.");
        }
    }

    private static SendEmailRequest Write(DeliveryRow delivery, ChannelRow channel)
    {
        var text = NotificationText.Of(AlertJson.Read<Notification>(delivery.Content));
        var lines = new[] { text.Summary, text.Description }
            .Concat(text.Facts)
            .Where(line => line.Length > 0)
            .ToList();
        return new()
        {
            Id = delivery.Id.ToString("D"),
            To = { channel.Addresses },
            Subject =
                text.Title.Length <= LongestSubject
                    ? text.Title
                    : text.Title[..(LongestSubject - 1)] + "…",
            Text = string.Join("\n\n", lines) + "\n",
            Html =
                $"<h2>{Html(text.Title)}</h2>\n"
                + string.Concat(
                    lines.Select(line => $"<p>{Html(line).Replace("\n", "<br>")}</p>\n")
                ),
        };
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
