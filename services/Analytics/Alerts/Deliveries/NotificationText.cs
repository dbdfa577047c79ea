using System.Globalization;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>A notification in words.</summary>
/// <param name="Title">One line: what happened to which rule.</param>
/// <param name="Summary">The number and the bound.</param>
/// <param name="Description">As the rule has it; may be empty.</param>
/// <param name="Facts">When, and the ids.</param>
internal sealed record NotificationText(
    string Title,
    string Summary,
    string Description,
    IReadOnlyList<string> Facts
)
{
    public static NotificationText Of(Notification notification)
    {
        var data = notification.Data;
        var facts = new List<string>();
        Add(facts, "since", data.StartedAt);
        Add(facts, "fired", data.FiredAt);
        Add(facts, "resolved", data.ResolvedAt);
        if (data.RuleId is { } rule)
        {
            facts.Add(rule);
        }

        if (data.AlertId is { } alert)
        {
            facts.Add(alert);
        }

        facts.Add(notification.Id);
        return new(TitleOf(notification), data.Summary, data.Description ?? "", facts);
    }

    private static string TitleOf(Notification notification) =>
        notification.Type switch
        {
            Notification.Test => "Test of an alert channel",
            Notification.Firing =>
                $"Firing ({notification.Data.Severity?.ToString().ToLowerInvariant()}): {notification.Data.RuleName}",
            _ => $"Resolved: {notification.Data.RuleName}",
        };

    private static void Add(List<string> facts, string word, DateTime? time)
    {
        if (time is { } at)
        {
            facts.Add(
                $"{word} {at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC"
            );
        }
    }
}
