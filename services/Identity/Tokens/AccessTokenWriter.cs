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
    public string Write(IssuerClient client, IReadOnlyList<string> audiences, SigningKey key)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sub"] = client.Id,
            ["client_id"] = client.Id,
            ["jti"] = ids.Next().ToString("N"),
            ["apisvc_kind"] = client.Kind == ClientKind.Service ? "service" : "client",
        };
        if (client.Roles.Count > 0)
        {
            claims["roles"] = client.Roles;
        }

        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = tokens.Value.Issuer,
            IssuedAt = now,
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
