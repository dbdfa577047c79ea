using System.ComponentModel;
using ApiSvc.Analytics.Queries;

namespace ApiSvc.Analytics.Audit;

/// <summary>Which entries; all that is given must match.</summary>
internal sealed record AuditFilter
{
    [Description("Included.")]
    public DateTimeOffset? From { get; init; }

    [Description("Excluded.")]
    public DateTimeOffset? To { get; init; }

    public string? Service { get; init; }

    [Description("Public id of a user or client, or name of a service.")]
    public string? Actor { get; init; }

    [Description("Such as api.update, or a beginning with a star: api.*")]
    public string? Action { get; init; }

    public string? ObjectKind { get; init; }

    public string? ObjectId { get; init; }

    [Description("succeeded, denied or failed.")]
    public string? Result { get; init; }

    private static readonly string[] Results = ["succeeded", "denied", "failed"];

    /// <summary>Says what no entry could match.</summary>
    public void Check(QueryCheck check)
    {
        if (From >= To)
        {
            check.Add("to", "reversed", "Must be later than 'from'.");
        }

        if (Result is not null && !Results.Contains(Result))
        {
            check.Add("result", "unknown_value", $"Must be one of: {string.Join(", ", Results)}.");
        }

        if (
            Action?.IndexOf('*', StringComparison.Ordinal) is { } star and >= 0
            && star < Action.Length - 1
        )
        {
            check.Add("action", "invalid", "A star stands at the end only, such as api.*");
        }
    }
}
