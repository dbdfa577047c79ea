using ApiSvc.Analytics.Alerts.Channels;
using ApiSvc.Analytics.Webhooks;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>Sends over channels of one kind.</summary>
internal interface IChannelSender
{
    ChannelType Kind { get; }

    /// <summary>Makes one attempt. It may be made again, with the same id.</summary>
    Task<SendResult> SendAsync(
        DeliveryRow delivery,
        ChannelRow channel,
        CancellationToken cancellationToken
    );
}

/// <summary>What came of an attempt.</summary>
internal enum SendOutcome
{
    Delivered,

    /// <summary>It is tried again, for most of a day.</summary>
    Failed,

    /// <summary>A part of the suite is away: it is tried again until that is back.</summary>
    Away,

    /// <summary>It will never be taken.</summary>
    Refused,

    /// <summary>The receiver is not there any more: the channel is disabled.</summary>
    Gone,
}

/// <summary>What came of an attempt, in words too.</summary>
internal sealed record SendResult(SendOutcome Outcome, string Answer, TimeSpan? RetryAfter = null)
{
    public static SendResult Of(WebhookAnswer answer) =>
        new(
            answer.IsTaken ? SendOutcome.Delivered
                : answer.IsGone ? SendOutcome.Gone
                : SendOutcome.Failed,
            answer.Text,
            answer.RetryAfter
        );
}
