using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;

namespace ApiSvc.Identity.ClientAuthentication;

/// <summary>A client that may get tokens.</summary>
internal sealed record IssuerClient(
    string Id,
    ClientKind Kind,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Audiences
)
{
    /// <summary>What people call it.</summary>
    public string Name { get; init; } = Id;

    /// <summary>Team id → roles in that team.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Teams { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Whose client it is, if it is an application's.</summary>
    public string? Application { get; init; }

    /// <summary>The team of that application.</summary>
    public Guid? Team { get; init; }

    /// <summary>The scopes it may ask for, if it is an application's.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>How it may get tokens.</summary>
    public IReadOnlyList<string> GrantTypes { get; init; } = [Rules.GrantTypes.ClientCredentials];

    /// <summary>Where a browser may bring it a code.</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>Where a browser may go after signing out.</summary>
    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    /// <summary>How it proves itself.</summary>
    public string Authentication { get; init; } = ClientAuthenticationMethods.Secret;

    /// <summary>What its access tokens are signed by.</summary>
    public string AccessTokenSigningAlg { get; init; } = SigningAlgorithms.Default;

    /// <summary>What its ID tokens are signed by.</summary>
    public string IdTokenSignedResponseAlg { get; init; } = SigningAlgorithms.Default;

    /// <summary>Tokens from before are refused.</summary>
    public DateTime? TokensNotBefore { get; init; }

    /// <summary>Whether it cannot prove itself (RFC 6749 section 2.1).</summary>
    public bool IsPublic => Authentication == ClientAuthenticationMethods.None;

    /// <summary>Whether it is the platform's own: users act through it as who they are.</summary>
    public bool IsOwn => Application is null;

    /// <summary>The scopes of a user that it may ask for, for whoever develops it.</summary>
    public string ScopesInWords =>
        $"This client has: {string.Join(' ', IdentityScopes.All.Concat(Scopes))}.";

    /// <summary>The scopes of a user that it gets if it asks for those.</summary>
    /// <returns>Null if it may not ask for one of them.</returns>
    public IReadOnlyList<string>? FindScopes(string? asked)
    {
        // RFC 6749 section 3.3: without any, those that it is registered with.
        var scopes = asked?.Split(' ').Distinct().ToList() ?? [.. Scopes];
        if (scopes.Except(IdentityScopes.All).Except(Scopes).Any())
        {
            return null;
        }

        // OpenID Connect Core 1.0 section 11: it is ignored where it cannot be given.
        return Uses(Rules.GrantTypes.RefreshToken)
            ? scopes
            : [.. scopes.Where(s => s != IdentityScopes.OfflineAccess)];
    }

    public bool Uses(string grantType) => GrantTypes.Contains(grantType);
}

/// <summary>A client with what its proof is checked against.</summary>
/// <param name="Client">The client.</param>
/// <param name="SecretHash">The SHA-256 of its secret, if it has one.</param>
/// <param name="Jwks">Its public keys (RFC 7517 section 5), if it has some.</param>
/// <param name="JwksUri">Where they are, if not here.</param>
internal sealed record RegisteredClient(
    IssuerClient Client,
    byte[]? SecretHash,
    string? Jwks,
    string? JwksUri = null
);
