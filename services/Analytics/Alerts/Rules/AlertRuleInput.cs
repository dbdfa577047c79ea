using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Analytics.Alerts.Rules;

/// <summary>A rule as it is given.</summary>
internal sealed record AlertRuleInput : IValidatableObject
{
    [Description("Unique in the team.")]
    [StringLength(200, MinimumLength = 1)]
    public required string Name { get; init; }

    [Description("Goes out with notifications.")]
    [StringLength(2000)]
    public string Description { get; init; } = "";

    public required Metric Metric { get; init; }

    [Description("Which calls of the team: both, those to its APIs, or those by its applications.")]
    public Side Side { get; init; }

    [Description("Each dimension once; a call must have one of the values of each.")]
    [MaxLength(8)]
    public IReadOnlyList<AlertFilter> Filters { get; init; } = [];

    [Description("Over how long the metric is taken, in whole minutes.")]
    [Range(60, 86_400)]
    public required int WindowSeconds { get; init; }

    public required AlertComparison Comparison { get; init; }

    [Description("In the metric's unit: calls, bytes, microseconds, or 0 to 1 for the error rate.")]
    [Range(0, double.MaxValue)]
    public required double Threshold { get; init; }

    [Description("How long the condition must hold before it fires.")]
    [Range(0, 86_400)]
    public int HoldSeconds { get; init; }

    [Description(
        "What it means when there is no number: a rate, a mean or a percentile without calls. Counts and bytes are 0 then."
    )]
    public NoData NoData { get; init; } = NoData.Ok;

    public AlertSeverity Severity { get; init; } = AlertSeverity.Warning;

    [MaxLength(20)]
    public IReadOnlyList<Id<ChannelKind>> ChannelIds { get; init; } = [];

    public bool Enabled { get; init; } = true;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Name.Any(char.IsControl))
        {
            yield return new("Must be one line, without control characters.", [nameof(Name)]);
        }

        if (WindowSeconds % 60 != 0)
        {
            yield return new("Must be whole minutes.", [nameof(WindowSeconds)]);
        }

        if (Metric == Metric.ErrorRate && Threshold > 1)
        {
            yield return new("An error rate is from 0 to 1.", [nameof(Threshold)]);
        }

        if (ChannelIds.Distinct().Count() < ChannelIds.Count)
        {
            yield return new("Has a channel more than once.", [nameof(ChannelIds)]);
        }

        // Messages have numbers for what bodies have names for.
        foreach (
            var name in new (string Name, bool IsRight)[]
            {
                (nameof(Metric), Enum.IsDefined(Metric)),
                (nameof(Side), Enum.IsDefined(Side)),
                (nameof(Comparison), Enum.IsDefined(Comparison)),
                (nameof(NoData), Enum.IsDefined(NoData)),
                (nameof(Severity), Enum.IsDefined(Severity)),
            }
                .Where(e => !e.IsRight)
                .Select(e => e.Name)
        )
        {
            yield return new("Must be one of the contract's values.", [name]);
        }

        foreach (var wrong in AlertFilters.Judge(Filters, nameof(Filters)))
        {
            yield return wrong;
        }
    }
}

/// <summary>A rule as it is shown.</summary>
internal sealed record AlertRuleDocument(
    Id<AlertRuleKind> Id,
    Id<TeamKind> TeamId,
    string Name,
    string Description,
    Metric Metric,
    Side Side,
    IReadOnlyList<AlertFilter> Filters,
    int WindowSeconds,
    AlertComparison Comparison,
    double Threshold,
    int HoldSeconds,
    NoData NoData,
    AlertSeverity Severity,
    IReadOnlyList<Id<ChannelKind>> ChannelIds,
    bool Enabled,
    DateTimeOffset CreatedAt
);
