using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Analytics.Alerts.Silences;

/// <summary>A silence as it is given.</summary>
internal sealed record SilenceInput : IValidatableObject
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    [Description("The rule that it covers; all of the team's without it.")]
    public Id<AlertRuleKind>? RuleId { get; init; }

    [Description(
        "Covers rules that have, for each of these dimensions, a filter with no other values."
    )]
    [MaxLength(8)]
    public IReadOnlyList<AlertFilter> Filters { get; init; } = [];

    [Description("Now unless given.")]
    public DateTimeOffset? StartsAt { get; init; }

    [Description("After its start and after now, at most 400 days later.")]
    public required DateTimeOffset EndsAt { get; init; }

    [StringLength(1000, MinimumLength = 1)]
    public required string Comment { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (StartsAt is { } start && EndsAt <= start)
        {
            yield return new("Must be after startsAt.", [nameof(EndsAt)]);
        }
        else if (StartsAt is { } begin && EndsAt - begin > Longest)
        {
            yield return new(
                $"Must be at most {Longest.TotalDays:0} days after its start.",
                [nameof(EndsAt)]
            );
        }

        foreach (var wrong in AlertFilters.Judge(Filters, nameof(Filters)))
        {
            yield return wrong;
        }
    }
}

/// <summary>A silence as it is shown.</summary>
/// <param name="RuleId">Null: all rules that the filters cover.</param>
/// <param name="Author">Who made it.</param>
internal sealed record SilenceDocument(
    Id<SilenceKind> Id,
    Id<AlertRuleKind>? RuleId,
    IReadOnlyList<AlertFilter> Filters,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    string Author,
    string Comment,
    DateTimeOffset CreatedAt
);
