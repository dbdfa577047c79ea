using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Keys;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tokens;

/// <summary>Reads the tokens that this issuer wrote, whoever they are for.</summary>
internal sealed class OwnTokens(SigningKeys keys, IOptions<TokenOptions> tokens, TimeProvider time)
{
    private static readonly JsonWebTokenHandler Handler = new()
    {
        MaximumTokenSizeInBytes = 16 * 1024,
    };

    /// <returns>Null if it is none, or not valid any more.</returns>
    public Task<JsonWebToken?> ReadAccessTokenAsync(string text) =>
        ReadAsync(text, AccessTokenWriter.Type, isExpiredTaken: false);

    /// <summary>An ID token as a hint of who is meant (OpenID Connect Core 1.0 section 3.1.2.1): its time may be over.</summary>
    /// <returns>Null if it is none.</returns>
    public Task<JsonWebToken?> ReadIdTokenAsync(string text) =>
        ReadAsync(text, "JWT", isExpiredTaken: true);

    private async Task<JsonWebToken?> ReadAsync(string text, string type, bool isExpiredTaken)
    {
        var result = await Handler.ValidateTokenAsync(
            text,
            new TokenValidationParameters
            {
                ValidIssuer = tokens.Value.Issuer,
                ValidateAudience = false,
                ValidTypes = [type],
                ValidAlgorithms = SigningAlgorithms.All,
                IssuerSigningKeys = keys.All.Select(k => k.Key),
                LifetimeValidator = (_, expires, _, _) => isExpiredTaken || time.Now() < expires,
            }
        );
        return result is { IsValid: true, SecurityToken: JsonWebToken token } ? token : null;
    }
}
