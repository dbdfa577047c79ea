using System.ComponentModel.DataAnnotations;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Identity.Teams;

/// <summary>A team as it is shown.</summary>
internal sealed record TeamDocument(
    Id<TeamKind> Id,
    string Slug,
    string Name,
    string Description,
    DateTimeOffset CreatedAt
);

/// <summary>A team as it is given.</summary>
internal sealed record TeamInput
{
    [RegularExpression(Words.Slug, ErrorMessage = "Must be 1 to 63 of a-z, 0-9 and hyphen.")]
    public required string Slug { get; init; }

    [StringLength(Words.LongestName, MinimumLength = 1)]
    public required string Name { get; init; }

    [StringLength(Words.LongestDescription)]
    public string Description { get; init; } = "";
}
