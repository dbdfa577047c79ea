using System.Collections.Concurrent;
using ApiSvc.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.AiAdapter.Serving.Callers;

/// <summary>Reads who calls from the token that the gateway signed (ES256, RFC 7518 section 3.4).</summary>
internal sealed class CallerTokens(IOptions<CallerOptions> options, TimeProvider time)
{
    public const string Header = "x-apisvc-caller";

    // A gateway sends the same one for a minute. What is over the bound is forgotten all at once: that is rare, and costs one
    // signature check a caller.
    private const int MostKnown = 10_000;
    private const string Type = "apisvc-caller+jwt";
    private const string Issuer = "apisvc-gateway";
    private const string Audience = "aiadapter";

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly TokenValidationParameters _rules = new()
    {
        ValidIssuer = Issuer,
        ValidAudience = Audience,
        ValidTypes = [Type],
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        IssuerSigningKeys =
        [
            .. options.Value.PublicKeys.Select(text => new ECDsaSecurityKey(
                P256Keys.ReadPublic(text)
            )),
        ],
        TryAllIssuerSigningKeys = true,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
    };

    /// <summary>Who calls; null: nobody that a gateway has let through.</summary>
    public async ValueTask<AiCaller?> FindAsync(HttpContext http)
    {
        if (http.Request.Headers[Header] is not [{ Length: > 0 } token])
        {
            return null;
        }

        if (!_known.TryGetValue(token, out var known))
        {
            known = await ReadAsync(token);
            if (known is null)
            {
                return null;
            }

            if (_known.Count >= MostKnown)
            {
                _known.Clear();
            }

            _known[token] = known;
        }

        if (known.ExpiresAt <= time.GetUtcNow())
        {
            _known.TryRemove(token, out _);
            return null;
        }

        // The gateway's call record has it too.
        return Guid.TryParse(http.Request.Headers["x-request-id"], out var id)
            ? known.Caller with
            {
                CallId = id,
            }
            : null;
    }

    private async Task<Known?> ReadAsync(string token)
    {
        var result = await Handler.ValidateTokenAsync(token, _rules);
        if (!result.IsValid)
        {
            return null;
        }

        var claims = (JsonWebToken)result.SecurityToken;
        return
            Id(claims, "api") is { } api
            && Id(claims, "version") is { } version
            && Id(claims, "api_team") is { } team
            ? new(
                new()
                {
                    CallId = default,
                    Api = api,
                    Version = version,
                    ApiTeam = team,
                    Environment = Text(claims, "environment"),
                    Application = Id(claims, "application"),
                    ApplicationTeam = Id(claims, "application_team"),
                    Subscription = Id(claims, "subscription"),
                    Plan = Id(claims, "plan"),
                    Credential = Text(claims, "credential"),
                },
                new(claims.ValidTo, TimeSpan.Zero)
            )
            : null;
    }

    private static Guid? Id(JsonWebToken token, string claim) =>
        Guid.TryParse(Text(token, claim), out var id) ? id : null;

    private static string Text(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var text) ? text : "";

    private sealed record Known(AiCaller Caller, DateTimeOffset ExpiresAt);
}
