using System.Text.Json;
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
    UuidGenerator ids,
    TimeProvider time
)
{
    private readonly JsonWebTokenHandler _handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
    };

    public TimeSpan Lifetime => issuer.Value.TokenLifetime;

    /// <summary>A token that a client gets for itself.</summary>
    public string Write(
        IssuerClient client,
        IReadOnlyList<string> audiences,
        SigningKey key,
        string? scope = null
    )
    {
        var now = time.GetUtcNow().UtcDateTime;
        // An epoch ends the second it was set in: a token of its rest is of the next one, or it would be refused too.
        var issued = client.TokensNotBefore > now ? client.TokensNotBefore.Value : now;
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sub"] = client.Id,
            ["client_id"] = client.Id,
            ["jti"] = ids.Next().ToString("N"),
            // Services take no tokens of the third kind: those are for the gateways.
            ["apisvc_kind"] = client.Kind switch
            {
                ClientKind.Service => "service",
                ClientKind.Client => "client",
                _ => "application",
            },
        };
        if (client.Roles.Count > 0)
        {
            claims["roles"] = client.Roles;
        }

        if (client.Teams.Count > 0)
        {
            claims["teams"] = JsonSerializer.SerializeToElement(client.Teams);
        }

        if (client.Application is { } application)
        {
            claims["application"] = application;
        }

        if (!string.IsNullOrEmpty(scope))
        {
            claims["scope"] = scope;
        }

        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = tokens.Value.Issuer,
            IssuedAt = issued,
            Expires = now + Lifetime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(key.Key, SigningKey.Algorithm),
        };
        foreach (var audience in audiences)
        {
            descriptor.Audiences.Add(audience);
        }

        return _handler.CreateToken(descriptor);
    }
}
