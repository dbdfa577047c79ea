using System.Text;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.State;
using ApiSvc.Gateway.Sync;
using ApiSvc.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Gateway.CallerTokens;

/// <summary>
/// Makes the JWTs (RFC 7519, ES256) by which upstreams learn who calls. They carry identifiers only, no credential, and are for
/// one audience: who receives one cannot use it elsewhere.
/// </summary>
internal sealed class CallerTokenSigner
{
    private const string Issuer = "apisvc-gateway";
    private const string Type = "apisvc-caller+jwt";

    private static readonly JsonWebTokenHandler Handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
    };

    private readonly SigningCredentials? _credentials;
    private readonly TimeSpan _lifetime;
    private readonly string _environment;

    public CallerTokenSigner(IOptions<CallerTokenOptions> options, IOptions<GatewayOptions> gateway)
    {
        _lifetime = options.Value.Lifetime;
        _environment = gateway.Value.Environment;
        if (options.Value.SigningKey is { } text)
        {
            var key = new ECDsaSecurityKey(P256Keys.ReadPrivate(text));
            // RFC 7638.
            key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
            _credentials = new(key, SecurityAlgorithms.EcdsaSha256);
        }
    }

    /// <summary>Whether there is a key to sign with.</summary>
    public bool CanSign => _credentials is not null;

    /// <summary>Signs who makes the call.</summary>
    /// <returns>The token, and when a new one is due: well before it ends, so that what gets it has time to use it.</returns>
    public (ReadOnlyMemory<byte> Token, DateTimeOffset RenewAt) Sign(
        Exchange exchange,
        string audience
    )
    {
        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = Type,
            Issuer = Issuer,
            Audience = audience,
            IssuedAt = exchange.Now.UtcDateTime,
            Expires = (exchange.Now + _lifetime).UtcDateTime,
            SigningCredentials =
                _credentials
                ?? throw new InvalidOperationException("There is no key to sign with."),
            Claims = new Dictionary<string, object> { ["environment"] = _environment },
        };
        AddApi(descriptor.Claims, exchange);
        AddCaller(descriptor.Claims, exchange);
        return (
            Encoding.ASCII.GetBytes(Handler.CreateToken(descriptor)),
            exchange.Now + (_lifetime / 5)
        );
    }

    private static void AddApi(IDictionary<string, object> claims, Exchange exchange)
    {
        if (exchange.Api is not { } api)
        {
            return;
        }

        claims["api"] = api.ApiId.ToString();
        claims["version"] = api.VersionId.ToString();
        if (api.Source is { TeamId.Length: 16 } source)
        {
            claims["api_team"] = ResourceIds.Read(source.TeamId, "/teamId").ToString();
        }
    }

    private static void AddCaller(IDictionary<string, object> claims, Exchange exchange)
    {
        var caller = exchange.Caller;
        if (caller.ApplicationId != Guid.Empty)
        {
            claims["sub"] = caller.ApplicationId.ToString();
            claims["application"] = caller.ApplicationId.ToString();
            if (
                exchange.State.Configuration.ApplicationOf(
                    caller,
                    exchange.Api?.ApiId ?? default
                ) is
                { } application
            )
            {
                claims["application_team"] = application.TeamId.ToString();
            }
        }

        if (exchange.Subscription is { } subscription)
        {
            claims["subscription"] = subscription.Id.ToString();
            claims["plan"] = subscription.PlanId.ToString();
        }

        if (caller.Credential.Length > 0)
        {
            claims["credential"] = caller.Credential;
        }

        if (caller.Subject is { } user)
        {
            claims["user"] = user;
        }
    }
}
