using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.State;
using ApiSvc.Gateway.Sync;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.CallerTokens;

/// <summary>
/// Makes the JWTs (RFC 7519, ES256) by which upstreams learn who calls. They carry identifiers only, no credential, and are for
/// one audience: who receives one cannot use it elsewhere.
/// </summary>
internal sealed class CallerTokenSigner
{
    private const string Issuer = "apisvc-gateway";

    private readonly ECDsa? _key;
    private readonly string _head = "";
    private readonly TimeSpan _lifetime;
    private readonly string _environment;

    public CallerTokenSigner(IOptions<CallerTokenOptions> options, IOptions<GatewayOptions> gateway)
    {
        _lifetime = options.Value.Lifetime;
        _environment = gateway.Value.Environment;
        if (options.Value.SigningKey is { } text)
        {
            _key = ECDsa.Create();
            _key.ImportPkcs8PrivateKey(Convert.FromBase64String(text), out _);
            _head = Base64Url.EncodeToString(
                Encoding.UTF8.GetBytes(
                    $$"""{"alg":"ES256","typ":"apisvc-caller+jwt","kid":"{{EcJwk.Thumbprint(_key)}}"}"""
                )
            );
        }
    }

    /// <summary>Whether there is a key to sign with.</summary>
    public bool CanSign => _key is not null;

    /// <summary>Signs who makes the call.</summary>
    /// <returns>The token, and when a new one is due: well before it ends, so that what gets it has time to use it.</returns>
    public (ReadOnlyMemory<byte> Token, DateTimeOffset RenewAt) Sign(
        Exchange exchange,
        string audience
    )
    {
        var key = _key ?? throw new InvalidOperationException("There is no key to sign with.");
        var body = Base64Url.EncodeToString(Claims(exchange, audience));
        var signed = Encoding.ASCII.GetBytes($"{_head}.{body}");
        byte[] signature;
        lock (key)
        {
            // RFC 7518 section 3.4: R and S side by side.
            signature = key.SignData(signed, HashAlgorithmName.SHA256);
        }

        return (
            (byte[])[.. signed, (byte)'.', .. Base64Url.EncodeToUtf8(signature)],
            exchange.Now + (_lifetime / 5)
        );
    }

    private byte[] Claims(Exchange exchange, string audience)
    {
        using var buffer = new MemoryStream(512);
        using (var claims = new Utf8JsonWriter(buffer))
        {
            claims.WriteStartObject();
            claims.WriteString("iss", Issuer);
            claims.WriteString("aud", audience);
            claims.WriteNumber("iat", exchange.Now.ToUnixTimeSeconds());
            claims.WriteNumber("exp", (exchange.Now + _lifetime).ToUnixTimeSeconds());
            claims.WriteString("environment", _environment);
            WriteApi(claims, exchange);
            WriteCaller(claims, exchange);
            claims.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteApi(Utf8JsonWriter claims, Exchange exchange)
    {
        if (exchange.Api is not { } api)
        {
            return;
        }

        claims.WriteString("api", api.ApiId);
        claims.WriteString("version", api.VersionId);
        if (api.Source is { TeamId.Length: 16 } source)
        {
            claims.WriteString("api_team", ResourceIds.Read(source.TeamId, "/teamId"));
        }
    }

    private static void WriteCaller(Utf8JsonWriter claims, Exchange exchange)
    {
        var caller = exchange.Caller;
        if (caller.ApplicationId != Guid.Empty)
        {
            claims.WriteString("sub", caller.ApplicationId);
            claims.WriteString("application", caller.ApplicationId);
            if (
                exchange.State.Configuration.ApplicationOf(
                    caller,
                    exchange.Api?.ApiId ?? default
                ) is
                { } application
            )
            {
                claims.WriteString("application_team", application.TeamId);
            }
        }

        if (exchange.Subscription is { } subscription)
        {
            claims.WriteString("subscription", subscription.Id);
            claims.WriteString("plan", subscription.PlanId);
        }

        if (caller.Credential.Length > 0)
        {
            claims.WriteString("credential", caller.Credential);
        }

        if (caller.Subject is { } user)
        {
            claims.WriteString("user", user);
        }
    }
}
