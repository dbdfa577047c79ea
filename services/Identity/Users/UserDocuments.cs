using System.ComponentModel.DataAnnotations;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Identity.Users;

/// <summary>A user as it is shown.</summary>
internal sealed record UserDocument(
    Id<UserKind> Id,
    string Login,
    string Name,
    string Email,
    IReadOnlyList<string> PlatformRoles,
    DateTimeOffset CreatedAt,
    DateTimeOffset? DisabledAt
);

/// <summary>A user as it is given.</summary>
internal sealed record UserInput
{
    [RegularExpression(Words.Login, ErrorMessage = "Must be 1 to 100 of a-z, 0-9 and . _ @ -")]
    public required string Login { get; init; }

    [StringLength(Words.LongestName, MinimumLength = 1)]
    public required string Name { get; init; }

    [StringLength(Words.LongestEmail)]
    [EmailAddress]
    public required string Email { get; init; }

    [RoleNames]
    public IReadOnlyList<string> PlatformRoles { get; init; } = [];

    /// <summary>Null: none for a new user, the one that it has for another.</summary>
    [Secret]
    [StringLength(Words.LongestPassword, MinimumLength = Words.ShortestPassword)]
    public string? Password { get; init; }
}
