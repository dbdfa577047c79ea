using System.Text.Json;
using ApiSvc.ServiceDefaults.Endpoints;
using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>Checks access tokens (RFC 9068).</summary>
internal sealed class AccessTokenValidator(
    IIssuerKeys keys,
    IRoleTable roles,
    IOptions<TokenOptions> options,
    ServiceInfo service,
    TimeProvider time
)
{
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    // Fixed by this side: what a token's header says of itself chooses nothing (RFC 8725 section 3.1).
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.RsaSha256,
    ];
    private static readonly string[] Types = ["at+jwt", "application/at+jwt"];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = 16 * 1024 };

    public async ValueTask<TokenResult> ValidateAsync(
        string text,
        CancellationToken cancellationToken
    )
    {
        if (!TryRead(text, out var token))
        {
            return TokenResult.Refused("it is malformed");
        }

        if (!Algorithms.Contains(token.Alg))
        {
            return TokenResult.Refused("its signature algorithm is not accepted");
        }

        var candidates = await keys.FindAsync(
            string.IsNullOrEmpty(token.Kid) ? null : token.Kid,
            cancellationToken
        );
        switch (candidates)
        {
            case null:
                return TokenResult.Unavailable;
            case []:
                return TokenResult.Refused("it is signed with an unknown key");
        }

        var checkedToken = await _handler.ValidateTokenAsync(token, Parameters(candidates));
        if (!checkedToken.IsValid)
        {
            return TokenResult.Refused(Reason(checkedToken.Exception));
        }

        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return TokenClaims.Read(payload.RootElement, roles.Current) is { } caller
            ? TokenResult.Accepted(caller)
            : TokenResult.Refused("its claims are not those of an access token");
    }

    private bool TryRead(string text, out JsonWebToken token)
    {
        token = null!;
        try
        {
            if (text.Length > _handler.MaximumTokenSizeInBytes || !_handler.CanReadToken(text))
            {
                return false;
            }

            token = _handler.ReadJsonWebToken(text);
            return !token.IsEncrypted;
        }
        catch (Exception e)
            when (e
                    is ArgumentException
                        or SecurityTokenException
                        or FormatException
                        or JsonException
            )
        {
            return false;
        }
    }

    private TokenValidationParameters Parameters(IReadOnlyList<SecurityKey> candidates) =>
        new()
        {
            ValidIssuer = options.Value.Issuer,
            ValidAudience = options.Value.Audience ?? service.Name,
            ValidAlgorithms = Algorithms,
            ValidTypes = Types,
            IssuerSigningKeys = candidates,
            LifetimeValidator = (notBefore, expires, _, _) =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                return expires is { } end
                    && now < end + Skew
                    && (notBefore is not { } start || now >= start - Skew);
            },
        };

    private static string Reason(Exception exception) =>
        exception switch
        {
            SecurityTokenInvalidLifetimeException => "it has expired or is not valid yet",
            SecurityTokenInvalidAudienceException => "it is for another audience",
            SecurityTokenInvalidIssuerException => "it is from another issuer",
            SecurityTokenInvalidTypeException => "it is not an access token",
            _ => "its signature is not valid",
        };
}
