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
    DateTimeOffset? TokensNotBefore,
    string Authentication,
    KeySetInput? Jwks,
    string? JwksUri,
    IReadOnlyList<string> GrantTypes,
    IReadOnlyList<string> RedirectUris,
    IReadOnlyList<string> PostLogoutRedirectUris,
    string AccessTokenSigningAlg,
    string IdTokenSignedResponseAlg
);

/// <summary>A new one, with the secret, which is shown this once; null for a client that has none.</summary>
internal sealed record NewOAuthClientDocument(
    OAuthClientDocument Client,
    [property: Secret] string? ClientSecret
);

/// <summary>A client that was made.</summary>
internal sealed record NewOAuthClient(OAuthClientRow Client, string? Secret);
