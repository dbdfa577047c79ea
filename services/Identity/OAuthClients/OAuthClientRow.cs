using ApiSvc.Contracts.Events.V1;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Identity.OAuthClients;

/// <summary>A row of the table <c>oauth_clients</c> with its application's team, without the secret's hash.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record OAuthClientRow(
    Guid Id,
    Guid ApplicationId,
    Guid TeamId,
    string Environment,
    string Name,
    string[] Scopes,
    DateTime CreatedAt,
    DateTime? RevokedAt,
    DateTime? TokensNotBefore,
    string Authentication,
    string? Jwks,
    string? JwksUri,
    string[] GrantTypes,
    string[] RedirectUris,
    string[] PostLogoutRedirectUris,
    string AccessTokenSigningAlg,
    string IdTokenSignedResponseAlg,
    long Version
)
{
    /// <summary>Of <c>oauth_clients c</c> and <c>applications a</c>.</summary>
    public const string Columns = """
        c.id, c.application_id as applicationId, a.team_id as teamId, c.environment, c.name, c.scopes,
        c.created_at as createdAt, c.revoked_at as revokedAt, c.tokens_not_before as tokensNotBefore,
        c.authentication, c.jwks, c.jwks_uri as jwksUri, c.grant_types as grantTypes, c.redirect_uris as redirectUris,
        c.post_logout_redirect_uris as postLogoutRedirectUris,
        c.access_token_signing_alg as accessTokenSigningAlg,
        c.id_token_signed_response_alg as idTokenSignedResponseAlg, c.version
        """;

    /// <summary>Where a program of it that runs in browsers may call from.</summary>
    public string[] AllowedOrigins =>
        Authentication == ClientAuthenticationMethods.None
            ? [.. RedirectUris.Select(RedirectUri.OriginOf).Distinct(StringComparer.Ordinal)]
            : [];

    public string ClientId => new Id<OAuthClientKind>(Id).ToString();

    public OAuthClientDocument ToDocument() =>
        new(
            new(Id),
            new(ApplicationId),
            Environment,
            Name,
            Scopes,
            CreatedAt.ToOffset(),
            RevokedAt.ToOffset(),
            TokensNotBefore.ToOffset(),
            Authentication,
            Jwks is null ? null : KeySetInput.FromJson(Jwks),
            JwksUri,
            GrantTypes,
            RedirectUris,
            PostLogoutRedirectUris,
            AccessTokenSigningAlg,
            IdTokenSignedResponseAlg
        );

    public OAuthClient ToMessage() =>
        new()
        {
            ClientId = ClientId,
            ApplicationId = new Id<ApplicationKind>(ApplicationId).ToString(),
            Environment = Environment,
            Name = Name,
            Scopes = { Scopes },
            CreatedAt = CreatedAt.ToTimestamp(),
            RevokedAt = RevokedAt.ToMessage(),
            TokensNotBefore = TokensNotBefore.ToMessage(),
            Authentication = Authentication,
            Jwks = Jwks ?? "",
            JwksUri = JwksUri ?? "",
            GrantTypes = { GrantTypes },
            RedirectUris = { RedirectUris },
            PostLogoutRedirectUris = { PostLogoutRedirectUris },
            AccessTokenSigningAlg = AccessTokenSigningAlg,
            IdTokenSignedResponseAlg = IdTokenSignedResponseAlg,
        };

    /// <summary>Tells of this state and records how it came.</summary>
    public void Record(string action, OAuthClientRow? before, UnitOfWork work, Actor actor)
    {
        work.Tell(TeamId, new OAuthClientChanged { Client = ToMessage() });
        work.AddAudit(actor.Did(action, ClientId, TeamId, before?.ToDocument(), ToDocument()));
    }
}
