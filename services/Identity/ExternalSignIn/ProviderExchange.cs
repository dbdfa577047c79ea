using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>What is asked of a provider through the browser, and what comes back (OpenID Connect Core 1.0 section 3.1.2).</summary>
internal static class ProviderExchange
{
    /// <summary>Where the browser is sent.</summary>
    public static string AddressOf(Provider provider, ExternalAttempt attempt) =>
        QueryHelpers.AddQueryString(
            provider.Metadata.AuthorizationEndpoint!,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["response_type"] = "code",
                ["client_id"] = provider.Options.ClientId,
                ["redirect_uri"] = provider.RedirectUri,
                ["scope"] = string.Join(' ', provider.Options.Scopes.Prepend("openid").Distinct()),
                ["state"] = attempt.State,
                ["nonce"] = attempt.Nonce,
                ["code_challenge"] = Base64UrlEncoder.Encode(
                    SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier))
                ),
                ["code_challenge_method"] = "S256",
            }
        );

    /// <returns>Who it is, or what is wrong with the answer.</returns>
    /// <exception cref="ProviderException">The provider cannot be asked.</exception>
    public static async Task<(ExternalUser? User, string? Fault)> ReadAsync(
        Provider provider,
        ExternalAttempt attempt,
        IQueryCollection query,
        ExternalServices services,
        CancellationToken cancellationToken
    )
    {
        // RFC 9207 section 2.4.
        var issuer = query["iss"].ToString();
        if (
            issuer != provider.Metadata.Issuer
            && (issuer.Length > 0 || provider.Metadata.SaysIssuer)
        )
        {
            return (null, "The answer is another issuer's.");
        }

        if (query["error"].ToString() is { Length: > 0 })
        {
            return (null, "The provider refused.");
        }

        if (query["code"].ToString() is not { Length: > 0 } code)
        {
            return (null, "The provider gave no code.");
        }

        var tokens = await services.Calls.RedeemAsync(
            provider,
            code,
            attempt.Verifier,
            cancellationToken
        );
        var (user, fault) = await services.IdTokens.JudgeAsync(
            provider,
            tokens.IdToken,
            attempt.Nonce,
            tokens.AccessToken,
            cancellationToken
        );
        return user is null
            ? (null, fault)
            : (
                await services.Calls.AskUserInfoAsync(
                    provider,
                    user,
                    tokens.AccessToken,
                    cancellationToken
                ),
                null
            );
    }
}
