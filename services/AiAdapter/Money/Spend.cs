using System.ComponentModel.DataAnnotations;

namespace ApiSvc.AiAdapter.Money;

/// <summary>What a summary of the ledger has a row for.</summary>
internal enum SpendBy
{
    Model,
    Application,
    Day,
    Api,
}

/// <summary>Whose calls a team asks about.</summary>
internal enum SpendSide
{
    /// <summary>Calls to its APIs, whoever made them.</summary>
    Provider,

    /// <summary>Calls of its applications, whoever's API they went to.</summary>
    Consumer,
}

/// <summary>What a summary is asked of.</summary>
internal sealed record SpendFilter : IValidatableObject
{
    private const int MostDays = 400;

    /// <summary>The first day, UTC; 30 days before the last unless given.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day, UTC; today unless given.</summary>
    public DateOnly? To { get; init; }

    public SpendBy By { get; init; } = SpendBy.Day;

    public SpendSide Side { get; init; } = SpendSide.Provider;

    public (DateOnly First, DateOnly Last) Days(DateTimeOffset now)
    {
        var last = To ?? DateOnly.FromDateTime(now.UtcDateTime);
        return (From ?? last.AddDays(-30), last);
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From is { } first && To is { } last && first > last)
        {
            yield return new("Must not be after the last day.", [nameof(From)]);
        }

        if (From is { } from && To is { } to && to.DayNumber - from.DayNumber > MostDays)
        {
            yield return new($"There are at most {MostDays} days at once.", [nameof(From)]);
        }
    }
}

/// <summary>A summary of the ledger.</summary>
/// <param name="Rows">The dearest first, days in their order. At most a thousand.</param>
internal sealed record SpendDocument(
    DateOnly From,
    DateOnly To,
    SpendBy By,
    IReadOnlyList<SpendRow> Rows
);

/// <summary>Of one model, application, day or API and one currency.</summary>
/// <param name="Key">The name, id or day; null for calls without an application.</param>
/// <param name="Currency">Null for calls whose price is not known.</param>
/// <param name="Cost">Exact, in the currency; null for calls whose price is not known.</param>
internal sealed record SpendRow(
    string? Key,
    string? Currency,
    long Calls,
    long Tokens,
    decimal? Cost
);
