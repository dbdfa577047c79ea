using System.ComponentModel.DataAnnotations;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Identity.ApiKeys;

/// <summary>An API key as it is shown.</summary>
internal sealed record ApiKeyDocument(
    Id<KeyKind> Id,
    Id<ApplicationKind> ApplicationId,
    string Environment,
    string Name,
    string VisiblePrefix,
    IReadOnlyList<string> AllowedNetworks,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt
);

/// <summary>A new one, with the whole key, which is shown this once.</summary>
internal sealed record NewApiKeyDocument(ApiKeyDocument ApiKey, [property: Secret] string Secret);

/// <summary>An API key as it is given.</summary>
internal sealed record ApiKeyInput
{
    [AllowedValues(
        Words.Sandbox,
        Words.Production,
        ErrorMessage = "Must be sandbox or production."
    )]
    public required string Environment { get; init; }

    [StringLength(Words.LongestName, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>From where it may be used; anywhere if there are none.</summary>
    [Networks]
    public IReadOnlyList<string> AllowedNetworks { get; init; } = [];

    [Scopes]
    public IReadOnlyList<string> Scopes { get; init; } = [];

    [InFuture]
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A key that was made.</summary>
internal sealed record NewApiKey(ApiKeyRow Key, string Secret);
