using System.Text.Json;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Keys;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tokens;

/// <summary>Writes access tokens (RFC 9068).</summary>
internal sealed class AccessTokenWriter(
    IOptions<TokenOptions> tokens,
    IOptions<IssuerOptions> issuer,
    SigningKeys keys,
    UuidGenerator ids,
    TimeProvider time
)
{
    public const string Type = "at+jwt";

    private readonly JsonWebTokenHandler _handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
    };

    /// <summary>A token that a client gets for itself, or for a user.</summary>
    /// <exception cref="SigningKeyException">There is no key yet.</exception>
    public WrittenToken Write(
        IssuerClient client,
        IReadOnlyList<string> audiences,
        string? scope = null,
        TokenUser? user = null
    )
    {
        var now = time.GetUtcNow().UtcDateTime;
        // An epoch ends the second it was set in: a token of its rest is of the next one, or it would be refused too.
        var issued = client.TokensNotBefore > now ? client.TokensNotBefore.Value : now;
        var id = ids.Next().ToString("N");
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sub"] = user?.PublicId ?? client.Id,
            ["client_id"] = client.Id,
            ["jti"] = id,
            ["apisvc_kind"] = KindOf(client, user),
        };
        if (client.IsOwn)
        {
            AddRoles(claims, user?.Roles ?? client.Roles, user?.Teams ?? client.Teams);
        }

        if (user is not null)
        {
            claims["sid"] = user.SessionId;
        }

        if (client.Application is { } application)
        {
            claims["application"] = application;
        }

        if (!string.IsNullOrEmpty(scope))
        {
            claims["scope"] = scope;
        }

        var lifetime = issuer.Value.TokenLifetime;
        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = Type,
            Issuer = tokens.Value.Issuer,
            IssuedAt = issued,
            Expires = now + lifetime,
            Claims = claims,
            SigningCredentials = keys.Get(client.AccessTokenSigningAlg).Credentials,
        };
        foreach (var audience in audiences)
        {
            descriptor.Audiences.Add(audience);
        }

        return new(_handler.CreateToken(descriptor), id, now + lifetime, lifetime);
    }

    // Services take no tokens of applications, whoever uses them: those are for the gateways.
    private static string KindOf(IssuerClient client, TokenUser? user) =>
        (client.Kind, user) switch
        {
            (ClientKind.Application, _) => "application",
            (_, not null) => "user",
            (ClientKind.Service, _) => "service",
            _ => "client",
        };

    private static void AddRoles(
        Dictionary<string, object> claims,
        IReadOnlyList<string> roles,
        IReadOnlyDictionary<string, IReadOnlyList<string>> teams
    )
    {
        if (roles.Count > 0)
        {
            claims["roles"] = roles;
        }

        if (teams.Count > 0)
        {
            claims["teams"] = JsonSerializer.SerializeToElement(teams);
        }
    }
}

/// <summary>An access token that was written.</summary>
/// <param name="Text">The token.</param>
/// <param name="Id">Its <c>jti</c>.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="Lifetime">In how long that is.</param>
internal sealed record WrittenToken(string Text, string Id, DateTime ExpiresAt, TimeSpan Lifetime)
{
    public TokenAnswer ToAnswer(string? scope) =>
        new(Text, "Bearer", (long)Lifetime.TotalSeconds, scope);

    /// <summary>Without the token: a record's text ends up in logs.</summary>
    public override string ToString() => Id;
}
