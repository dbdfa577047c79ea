using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.Money;

/// <summary>Whose calls count.</summary>
internal enum BudgetScope
{
    /// <summary>All calls to the team's APIs.</summary>
    Team,

    /// <summary>Calls to one API.</summary>
    Api,

    /// <summary>Calls of one team's applications.</summary>
    ConsumerTeam,

    /// <summary>Calls of one application.</summary>
    Application,

    /// <summary>Calls with one API key or OAuth client, by the part of it that people may see.</summary>
    Credential,
}

internal enum BudgetUnit
{
    Tokens,

    /// <summary>Of one currency. Calls whose price is unknown, or in another currency, do not count.</summary>
    Money,
}

/// <summary>A calendar window, UTC.</summary>
internal enum BudgetWindow
{
    /// <summary>For tokens alone: a rate limit.</summary>
    Minute,
    Day,
    Month,
}

/// <summary>A budget as it is given.</summary>
internal sealed record BudgetInput : IValidatableObject
{
    private const long MostMoney = 1_000_000_000_000;

    /// <summary>Unique in the team. Callers are told it when it is used up.</summary>
    [StringLength(200, MinimumLength = 1)]
    public required string Name { get; init; }

    public required BudgetScope Scope { get; init; }

    /// <summary>The id of the API, team or application, or the credential's visible part; none for all of the team's APIs.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string? Target { get; init; }

    public required BudgetUnit Unit { get; init; }

    /// <summary>For money.</summary>
    [RegularExpression(
        "^[A-Z]{3}$",
        ErrorMessage = "Must be a currency's three letters (ISO 4217)."
    )]
    public string? Currency { get; init; }

    public required BudgetWindow Window { get; init; }

    /// <summary>Calls are refused once so much is used or reserved: tokens, or integer micro-units of the currency.</summary>
    [Range(1, 1_000_000_000_000_000)]
    public long? Hard { get; init; }

    /// <summary>It is told, once in a window, when so much is used.</summary>
    [Range(1, 1_000_000_000_000_000)]
    public long? Soft { get; init; }

    public bool Disabled { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TargetFault() is { } fault)
        {
            yield return new(fault, [nameof(Target)]);
        }

        if (Unit == BudgetUnit.Money == Currency is null)
        {
            yield return new("Money has a currency; tokens have none.", [nameof(Currency)]);
        }

        if (Window == BudgetWindow.Minute && (Unit == BudgetUnit.Money || Hard is null))
        {
            yield return new("A minute's window is for a hard limit of tokens.", [nameof(Window)]);
        }

        if (Hard is null && Soft is null)
        {
            yield return new("Give hard, soft or both.", [nameof(Hard)]);
        }

        if (Soft > Hard)
        {
            yield return new("Must not be more than hard.", [nameof(Soft)]);
        }

        if (Unit == BudgetUnit.Money && (Hard > MostMoney || Soft > MostMoney))
        {
            yield return new("The most is a million of the currency.", [nameof(Hard)]);
        }

        if (Soft is not null && Window == BudgetWindow.Minute)
        {
            yield return new("A minute's window tells nobody.", [nameof(Soft)]);
        }
    }

    /// <summary>The target as it is compared: a UUID's text, the credential, or nothing.</summary>
    public string TargetText =>
        Scope switch
        {
            BudgetScope.Api when Id<ApiKind>.TryParse(Target, out var id) => $"{id.Value:D}",
            BudgetScope.ConsumerTeam when Id<TeamKind>.TryParse(Target, out var id) =>
                $"{id.Value:D}",
            BudgetScope.Application when Id<ApplicationKind>.TryParse(Target, out var id) =>
                $"{id.Value:D}",
            _ => Target ?? "",
        };

    private string? TargetFault() =>
        Scope switch
        {
            BudgetScope.Team => Target is null ? null : "There is no target for all of a team.",
            BudgetScope.Api => Id<ApiKind>.TryParse(Target, out _)
                ? null
                : "Must be the id of an API.",
            BudgetScope.ConsumerTeam => Id<TeamKind>.TryParse(Target, out _)
                ? null
                : "Must be the id of a team.",
            BudgetScope.Application => Id<ApplicationKind>.TryParse(Target, out _)
                ? null
                : "Must be the id of an application.",
            _ => Target is null ? "Must be the visible part of a key, or a client's id." : null,
        };
}
