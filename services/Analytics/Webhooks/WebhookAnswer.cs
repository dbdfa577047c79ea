using System.Net;

namespace ApiSvc.Analytics.Webhooks;

/// <summary>What came of a call.</summary>
/// <param name="Status">Null: there was no answer.</param>
/// <param name="Text">The status and the beginning of the body, or why there was no answer.</param>
/// <param name="RetryAfter">When the receiver wants to be called again.</param>
internal sealed record WebhookAnswer(HttpStatusCode? Status, string Text, TimeSpan? RetryAfter)
{
    public bool IsTaken => Status is { } status && (int)status is >= 200 and < 300;

    /// <summary>The receiver is not there any more, for good.</summary>
    public bool IsGone => Status == HttpStatusCode.Gone;
}
