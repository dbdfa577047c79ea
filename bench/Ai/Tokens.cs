using System.Security.Cryptography;
using ApiSvc.ServiceDefaults.Identifiers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Bench.Ai;

/// <summary>Signs as Identity does for the management API, and as a gateway does for calls.</summary>
internal sealed class Tokens : IAsyncDisposable
{
    public const string Issuer = "https://identity.example";
    public const string Audience = "aiadapter";

    private static readonly JsonWebTokenHandler Handler = new();

    private readonly ECDsaSecurityKey _key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256))
    {
        KeyId = "k",
    };
    private readonly Lock _lock = new();
    private WebApplication? _keys;
    private string _caller = "";
    private DateTimeOffset _callerEnds;

    public string JwksUri => $"{_keys!.Urls.Single()}/jwks";

    public string PublicKey => Convert.ToBase64String(_key.ECDsa.ExportSubjectPublicKeyInfo());

    /// <summary>Publishes the key.</summary>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _keys = builder.Build();
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(
            new ECDsaSecurityKey(ECDsa.Create(_key.ECDsa.ExportParameters(false))) { KeyId = "k" }
        );
        _keys.MapGet(
            "/jwks",
            () =>
                Results.Text(
                    $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{jwk.X}}","y":"{{jwk.Y}}","kid":"k","alg":"ES256","use":"sig"}]}""",
                    "application/json"
                )
        );
        await _keys.StartAsync();
    }

    /// <summary>An access token of somebody who owns the team.</summary>
    public string Owner(Id<TeamKind> team) =>
        Create(
            "at+jwt",
            Issuer,
            new()
            {
                ["sub"] = "user_1",
                ["client_id"] = "bench",
                ["apisvc_kind"] = "user",
                ["teams"] = new Dictionary<string, object>
                {
                    [team.ToString()] = new List<string> { "owner" },
                },
            }
        );

    /// <summary>A caller's token; the same one for a minute, as gateways do.</summary>
    public string Caller(Id<TeamKind> team)
    {
        lock (_lock)
        {
            if (_callerEnds < DateTimeOffset.UtcNow)
            {
                _callerEnds = DateTimeOffset.UtcNow.AddMinutes(1);
                _caller = Create(
                    "apisvc-caller+jwt",
                    "apisvc-gateway",
                    new()
                    {
                        ["api"] = Guid.CreateVersion7().ToString(),
                        ["version"] = Guid.CreateVersion7().ToString(),
                        ["api_team"] = team.Value.ToString(),
                        ["application"] = Guid.CreateVersion7().ToString(),
                        ["application_team"] = team.Value.ToString(),
                        ["environment"] = "sandbox",
                        ["credential"] = "ak_sandbox_visible1",
                    }
                );
            }

            return _caller;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_keys is not null)
        {
            await _keys.DisposeAsync();
        }
    }

    private string Create(string type, string issuer, Dictionary<string, object> claims) =>
        Handler.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = issuer,
                Audience = Audience,
                TokenType = type,
                Expires = DateTime.UtcNow.AddMinutes(5),
                SigningCredentials = new SigningCredentials(_key, "ES256"),
                Claims = claims,
            }
        );
}
