using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>Judges ID tokens of providers (OpenID Connect Core 1.0 section 3.1.3.7).</summary>
internal sealed class IdTokenCheck(ProviderDirectory providers, TimeProvider time)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    /// <param name="provider">Whose it has to be.</param>
    /// <param name="text">The token.</param>
    /// <param name="nonce">Of the request.</param>
    /// <param name="accessToken">What came with it.</param>
    /// <param name="cancellationToken">The browser has gone.</param>
    /// <returns>Its claims, or what is wrong with it.</returns>
    public async Task<(ExternalUser? User, string? Fault)> JudgeAsync(
        Provider provider,
        string text,
        string nonce,
        string? accessToken,
        CancellationToken cancellationToken
    )
    {
        if (!Handler.CanReadToken(text))
        {
            return (null, "The ID token is malformed.");
        }

        var unverified = Handler.ReadJsonWebToken(text);
        var result = await Handler.ValidateTokenAsync(
            text,
            new TokenValidationParameters
            {
                ValidIssuer = provider.Metadata.Issuer,
                ValidAudience = provider.Options.ClientId,
                ValidAlgorithms = provider.Algorithms,
                IssuerSigningKeys = await providers.KeysAsync(
                    provider,
                    unverified.Kid is { Length: > 0 } kid ? kid : null,
                    cancellationToken
                ),
                // With the service's own clock, below.
                ValidateLifetime = false,
                RequireSignedTokens = true,
            }
        );
        if (!result.IsValid)
        {
            return (null, $"The ID token is not valid: {result.Exception.GetType().Name}.");
        }

        var token = (JsonWebToken)result.SecurityToken;
        return FindFault(provider, token, nonce, accessToken) is { } fault
            ? (null, fault)
            : (new(provider.Metadata.Issuer!, token.Subject, ClaimsOf(token)), null);
    }

    private string? FindFault(
        Provider provider,
        JsonWebToken token,
        string nonce,
        string? accessToken
    )
    {
        var now = time.GetUtcNow().UtcDateTime;
        var hasAzp = token.TryGetPayloadValue<string>("azp", out var azp);
        return token switch
        {
            { Subject: null or { Length: 0 or > 255 } } => "The ID token has no subject.",
            _ when token.ValidTo == DateTime.MinValue || now > token.ValidTo + Skew =>
                "The ID token has expired.",
            _ when token.ValidFrom > now + Skew || token.IssuedAt > now + Skew =>
                "The ID token is from the future.",
            _ when token.Audiences.Count() > 1 && !hasAzp =>
                "The ID token has several audiences and does not say for whom it is.",
            _ when hasAzp && azp != provider.Options.ClientId =>
                "The ID token is for another client.",
            _ when !token.TryGetPayloadValue<string>("nonce", out var given) || given != nonce =>
                "The ID token answers another request.",
            _ when token.TryGetPayloadValue<string>("at_hash", out var hash)
                    && hash != HashOf(accessToken ?? "", token.Alg) =>
                "The access token is another than the ID token's.",
            _ => null,
        };
    }

    // Section 3.1.3.6: the left half of the hash that the signature's algorithm uses.
    private static string HashOf(string accessToken, string algorithm)
    {
        var octets = Encoding.ASCII.GetBytes(accessToken);
        var hash = algorithm[^3..] switch
        {
            "384" => SHA384.HashData(octets),
            "512" => SHA512.HashData(octets),
            _ => SHA256.HashData(octets),
        };
        return Base64UrlEncoder.Encode(hash, 0, hash.Length / 2);
    }

    private static Dictionary<string, JsonElement> ClaimsOf(JsonWebToken token)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return payload
            .RootElement.EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.Clone(), StringComparer.Ordinal);
    }
}
