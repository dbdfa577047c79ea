using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Catalog.Apis;

/// <summary>What kind of API it is; numbered as in the contract.</summary>
internal enum ApiType
{
    Rest = 1,
    Ai = 2,
    Prompt = 3,
}

/// <summary>Who may know of an API; numbered as in the contract.</summary>
internal enum Visibility
{
    /// <summary>Everybody.</summary>
    Public = 1,

    /// <summary>Every team of the platform.</summary>
    AllTeams = 2,

    /// <summary>The teams that are listed, and the owner.</summary>
    ListedTeams = 3,
}

/// <summary>An API as it is shown.</summary>
internal sealed record ApiDocument(
    Id<ApiKind> Id,
    Id<TeamKind> TeamId,
    string Slug,
    string Name,
    string Description,
    ApiType Kind,
    Visibility Visibility,
    IReadOnlyList<Id<TeamKind>> VisibleToTeamIds,
    string Category,
    IReadOnlyList<string> Tags,
    IReadOnlyDictionary<string, string> Labels,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
);

/// <summary>An API as it is given.</summary>
internal sealed record ApiInput : IValidatableObject
{
    private const int MaxListed = 100;
    private const int MaxWord = 100;

    /// <summary>Unique in the team.</summary>
    [RegularExpression(
        "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$",
        ErrorMessage = "Must be 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'."
    )]
    public required string Slug { get; init; }

    [StringLength(200, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>Markdown.</summary>
    [StringLength(100_000)]
    public string Description { get; init; } = "";

    public ApiType Kind { get; init; } = ApiType.Rest;

    public Visibility Visibility { get; init; } = Visibility.AllTeams;

    [MaxLength(MaxListed)]
    public IReadOnlyList<Id<TeamKind>> VisibleToTeamIds { get; init; } = [];

    [StringLength(MaxWord)]
    public string Category { get; init; } = "";

    [MaxLength(MaxListed)]
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } =
        new Dictionary<string, string>();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Tags.Any(t => t.Length is 0 or > MaxWord))
        {
            yield return new($"A tag has 1 to {MaxWord} characters.", [nameof(Tags)]);
        }

        if (
            Labels.Count > MaxListed
            || Labels.Any(l => l.Key.Length is 0 or > MaxWord || l.Value.Length > 1000)
        )
        {
            yield return new(
                $"There are at most {MaxListed} labels, with names of 1 to {MaxWord} and values of up to 1000 characters.",
                [nameof(Labels)]
            );
        }

        if (VisibleToTeamIds.Count > 0 && Visibility != Visibility.ListedTeams)
        {
            yield return new(
                "Teams are listed only where the visibility is that of listed teams.",
                [nameof(VisibleToTeamIds)]
            );
        }

        if (!Enum.IsDefined(Kind))
        {
            yield return new("There is no such kind.", [nameof(Kind)]);
        }

        if (!Enum.IsDefined(Visibility))
        {
            yield return new("There is no such visibility.", [nameof(Visibility)]);
        }
    }
}
