using System.ComponentModel.DataAnnotations;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Identity.OAuthClients;

/// <summary>An application's OAuth client as it is shown.</summary>
internal sealed record OAuthClientDocument(
    Id<OAuthClientKind> ClientId,
    Id<ApplicationKind> ApplicationId,
    string Environment,
    string Name,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RevokedAt,
    DateTimeOffset? TokensNotBefore
);

/// <summary>A new one, with the secret, which is shown this once.</summary>
internal sealed record NewOAuthClientDocument(
    OAuthClientDocument Client,
    [property: Secret] string ClientSecret
);

/// <summary>An application's OAuth client as it is given.</summary>
internal sealed record OAuthClientInput
{
    [AllowedValues(
        Words.Sandbox,
        Words.Production,
        ErrorMessage = "Must be sandbox or production."
    )]
    public required string Environment { get; init; }

    [StringLength(Words.LongestName, MinimumLength = 1)]
    public required string Name { get; init; }

    [Scopes]
    public IReadOnlyList<string> Scopes { get; init; } = [];
}

/// <summary>A client that was made.</summary>
internal sealed record NewOAuthClient(OAuthClientRow Client, string Secret);
