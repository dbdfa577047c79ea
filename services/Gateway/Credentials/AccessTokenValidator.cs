using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Gateway.Credentials;

/// <summary>
/// Checks access tokens of the issuers that are known (RFC 9068; for other issuers than ours the type may also be
/// <c>JWT</c> or missing). The signature is checked once, on the pool, and the result kept until the token expires;
/// whatever can end a token earlier (revocation, epoch, a change of its issuer or of the keys) is looked at again
/// whenever it changed. Audiences differ by API: ask <see cref="AccessToken.IsFor"/>.
/// </summary>
internal sealed class AccessTokenValidator(TimeProvider time)
{
    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of the longest token.</summary>
    public const int MaxLength = 16 * 1024;

    private const int CachedTokens = 16_384;
    private static readonly string[] OurTypes = ["at+jwt", "application/at+jwt"];
    private static readonly string[] AnyTypes = [.. OurTypes, "JWT"];

    private readonly TokenCache _cache = new(CachedTokens);
    private readonly JsonWebTokenHandler _handler = new()
    {
        MaximumTokenSizeInBytes = MaxLength,
        MapInboundClaims = false,
    };

    /// <summary>Answers for a token that was checked before; allocates nothing and never waits.</summary>
    public bool TryGetKnown(
        ReadOnlySpan<byte> token,
        CredentialSet credentials,
        DateTimeOffset now,
        out TokenResult result
    )
    {
        result = default;
        return token.Length <= MaxLength
            && TryGetKnown(_cache.HashOf(token), credentials, now, out result);
    }

    /// <summary>Checks a token, as it came after <c>Bearer</c>.</summary>
    public ValueTask<TokenResult> ValidateAsync(
        ReadOnlyMemory<byte> token,
        CredentialSet credentials,
        CancellationToken cancellationToken
    )
    {
        if (token.Length > MaxLength)
        {
            return new(new TokenResult(TokenStatus.Malformed));
        }

        var hash = _cache.HashOf(token.Span);
        if (TryGetKnown(hash, credentials, time.GetUtcNow(), out var known))
        {
            return new(known);
        }

        // Copied before another thread reads it: the request's bytes are its own.
        var text = Encoding.Latin1.GetString(token.Span);
        return new(
            Task.Run(
                () => CheckAsync(text, hash, credentials, cancellationToken),
                cancellationToken
            )
        );
    }

    private bool TryGetKnown(
        UInt128 hash,
        CredentialSet credentials,
        DateTimeOffset now,
        out TokenResult result
    )
    {
        result = default;
        if (
            _cache.Find(hash) is not { } entry
            || !ReferenceEquals(entry.Token.Issuer.Keys.Current, entry.Keys)
        )
        {
            return false;
        }

        var token = entry.Token;
        if (now >= token.ExpiresAt + Skew)
        {
            result = new(TokenStatus.Expired);
            return true;
        }

        if (entry.Version != credentials.Version)
        {
            if (!ReferenceEquals(credentials.Issuers.Find(token.Issuer.Name), token.Issuer))
            {
                return false;
            }

            if (credentials.Revocations.Has(token))
            {
                result = new(TokenStatus.Revoked);
                return true;
            }

            entry.Version = credentials.Version;
        }

        result = new(TokenStatus.Valid, token);
        return true;
    }

    private async Task<TokenResult> CheckAsync(
        string text,
        UInt128 hash,
        CredentialSet credentials,
        CancellationToken cancellationToken
    )
    {
        if (Read(text) is not { } token)
        {
            return new(TokenStatus.Malformed);
        }

        if (credentials.Issuers.Find(token.Issuer) is not { } issuer)
        {
            return new(TokenStatus.UnknownIssuer);
        }

        if (!issuer.Algorithms.Contains(token.Alg))
        {
            return new(TokenStatus.AlgorithmNotAccepted);
        }

        var keys = issuer.Keys.Current;
        var candidates = keys?.Find(token.Kid, token.Alg) ?? [];
        if (candidates.Length == 0)
        {
            await issuer.Keys.RefreshAsync(cancellationToken);
            keys = issuer.Keys.Current;
            candidates = keys?.Find(token.Kid, token.Alg) ?? [];
        }

        if (keys is null || candidates.Length == 0)
        {
            return new(keys is null ? TokenStatus.KeysUnavailable : TokenStatus.UnknownKey);
        }

        var now = time.GetUtcNow();
        var status = await VerifyAsync(token, issuer, candidates, now);
        if (status != TokenStatus.Valid)
        {
            return new(status);
        }

        var accepted = AccessToken.From(token, issuer);
        if (credentials.Revocations.Has(accepted))
        {
            return new(TokenStatus.Revoked);
        }

        _cache.Add(new(hash, accepted, keys, credentials.Version), now);
        return new(TokenStatus.Valid, accepted);
    }

    private JsonWebToken? Read(string text)
    {
        try
        {
            if (!_handler.CanReadToken(text))
            {
                return null;
            }

            var token = _handler.ReadJsonWebToken(text);
            // What "crit" names must be understood (RFC 7515 section 4.1.11), and nothing of it is.
            return
                token.IsEncrypted
                || string.IsNullOrEmpty(token.Issuer)
                || token.TryGetHeaderValue<object>("crit", out _)
                ? null
                : token;
        }
        catch (Exception e)
            when (e
                    is ArgumentException
                        or SecurityTokenException
                        or FormatException
                        or JsonException
            )
        {
            return null;
        }
    }

    private async Task<TokenStatus> VerifyAsync(
        JsonWebToken token,
        IssuerEntry issuer,
        JsonWebKey[] candidates,
        DateTimeOffset now
    )
    {
        var result = await _handler.ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = issuer.Name,
                ValidateAudience = false,
                ValidAlgorithms = issuer.Algorithms,
                IssuerSigningKeys = candidates,
                TryAllIssuerSigningKeys = true,
                // After the signature: only a signed type and signed times are worth an answer of their own.
                ValidateLifetime = false,
            }
        );
        if (!result.IsValid)
        {
            return TokenStatus.BadSignature;
        }

        var isTyped = (issuer.IsOurs ? OurTypes : AnyTypes).Contains(
            token.Typ,
            StringComparer.OrdinalIgnoreCase
        );
        if (!isTyped && (issuer.IsOurs || !string.IsNullOrEmpty(token.Typ)))
        {
            return TokenStatus.WrongType;
        }

        var utc = now.UtcDateTime;
        // A token without an end would never expire: the claim is required.
        return token.ValidTo == DateTime.MinValue || utc >= token.ValidTo + Skew
                ? TokenStatus.Expired
            : token.ValidFrom != DateTime.MinValue && utc < token.ValidFrom - Skew
                ? TokenStatus.NotYetValid
            : TokenStatus.Valid;
    }
}
