using System.Security.Cryptography;
using System.Text;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Keys;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tokens;

/// <summary>Writes ID tokens (OpenID Connect Core 1.0 section 2). What scopes ask for is told by userinfo alone.</summary>
internal sealed class IdTokenWriter(
    IOptions<TokenOptions> tokens,
    IOptions<IssuerOptions> issuer,
    SigningKeys keys,
    TimeProvider time
)
{
    private readonly JsonWebTokenHandler _handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
    };

    /// <param name="grant">What the user gave, and how the user had signed in.</param>
    /// <param name="client">For whom it is.</param>
    /// <param name="user">Of whom it tells.</param>
    /// <param name="accessToken">The access token given with it.</param>
    /// <param name="nonce">As in the request that it answers; null at a refresh (section 12.2).</param>
    public string Write(
        GrantRow grant,
        IssuerClient client,
        TokenUser user,
        string accessToken,
        string? nonce
    )
    {
        var now = time.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sub"] = user.PublicId,
            ["auth_time"] = EpochTime.GetIntDate(grant.AuthenticatedAt),
            ["sid"] = user.SessionId,
            ["at_hash"] = HashOf(accessToken),
        };
        if (grant.Methods.Length > 0)
        {
            claims["amr"] = grant.Methods;
        }

        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }

        return _handler.CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = "JWT",
                Issuer = tokens.Value.Issuer,
                Audience = client.Id,
                IssuedAt = now,
                Expires = now + issuer.Value.TokenLifetime,
                Claims = claims,
                SigningCredentials = keys.Get(client.IdTokenSignedResponseAlg).Credentials,
            }
        );
    }

    // Section 3.1.3.6: the left half of the hash that the signature's algorithm uses, SHA-256 for all of ours.
    private static string HashOf(string accessToken)
    {
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(accessToken));
        return Base64UrlEncoder.Encode(hash, 0, hash.Length / 2);
    }
}
