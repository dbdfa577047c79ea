namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>A notification as Slack takes it: <c>text</c> for the notice on a screen, <c>blocks</c> for the channel.</summary>
internal sealed record SlackMessage(string Text, IReadOnlyList<object> Blocks)
{
    // A block holds 3,000 characters, and one may become five when it is escaped.
    private const int Longest = 590;

    public static SlackMessage Of(Notification notification)
    {
        var text = NotificationText.Of(notification);
        var blocks = new List<object>
        {
            Section($"*{Escape(text.Title)}*\n{Escape(text.Summary)}"),
        };
        if (text.Description.Length > 0)
        {
            blocks.Add(Section(Escape(text.Description)));
        }

        blocks.Add(
            new
            {
                Type = "context",
                Elements = new[]
                {
                    new { Type = "mrkdwn", Text = Escape(string.Join(" · ", text.Facts)) },
                },
            }
        );
        return new(Escape($"{text.Title}: {text.Summary}"), blocks);
    }

    private static object Section(string text) =>
        new { Type = "section", Text = new { Type = "mrkdwn", Text = text } };

    // The three characters that Slack asks for: without them a name could mention everybody or pass for a link.
    private static string Escape(string text) =>
        (text.Length <= Longest ? text : text[..Longest] + "…")
            .Replace("&", "&amp;")
            .Replace("<", "&lt;")
            .Replace(">", "&gt;");
}
