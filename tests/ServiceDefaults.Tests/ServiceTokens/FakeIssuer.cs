using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.ServiceDefaults.Tests.ServiceTokens;

/// <summary>A token issuer on a loopback port, with keys of its own, that can be made to misbehave.</summary>
internal sealed class FakeIssuer : IAsyncDisposable
{
    private readonly List<SecurityKey> _keys = [];
    private LoopbackServer _server = null!;
    private int _keyReads;
    private int _tokenRequests;

    public string Issuer => $"http://127.0.0.1:{_server.Port}";

    public SecurityKey Key { get; private set; } = null!;

    public int KeyReads => Volatile.Read(ref _keyReads);

    public int TokenRequests => Volatile.Read(ref _tokenRequests);

    /// <summary>Set while it answers nothing but 503.</summary>
    public bool IsAway { get; set; }

    /// <summary>What the token endpoint does; by default it gives a token with this lifetime in seconds.</summary>
    public Func<HttpRequest, int, Task<IResult>> OnTokenRequest { get; set; } =
        (_, number) =>
            Task.FromResult(
                Results.Json(new { access_token = $"token-{number}", expires_in = 300 })
            );

    public static async Task<FakeIssuer> StartAsync()
    {
        var issuer = new FakeIssuer();
        issuer.Rotate(NewEcKey("ec-1"));
        issuer._server = await LoopbackServer.StartAsync(issuer.Map);
        return issuer;
    }

    public static ECDsaSecurityKey NewEcKey(string keyId) =>
        new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = keyId };

    public static RsaSecurityKey NewRsaKey(string keyId) => new(RSA.Create(2048)) { KeyId = keyId };

    /// <summary>Publishes a further key and signs with it from now on.</summary>
    public void Rotate(SecurityKey key)
    {
        lock (_keys)
        {
            _keys.Add(key);
            Key = key;
        }
    }

    /// <summary>Publishes a further key without signing with it.</summary>
    public void Publish(SecurityKey key)
    {
        lock (_keys)
        {
            _keys.Add(key);
        }
    }

    /// <summary>An access token as Identity gives it out, with what the test changes.</summary>
    public string Token(
        Action<SecurityTokenDescriptor>? change = null,
        IDictionary<string, object>? claims = null
    )
    {
        var algorithm = Key is RsaSecurityKey ? "RS256" : "ES256";
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = "sample",
            TokenType = "at+jwt",
            NotBefore = DateTime.UtcNow,
            IssuedAt = DateTime.UtcNow,
            Expires = DateTime.UtcNow.AddMinutes(5),
            SigningCredentials = new SigningCredentials(Key, algorithm),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = "usr_1",
                ["client_id"] = "portal",
                ["apisvc_kind"] = "user",
            },
        };
        foreach (var (name, value) in claims ?? new Dictionary<string, object>())
        {
            descriptor.Claims[name] = value;
        }

        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            descriptor
        );
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Map(WebApplication app)
    {
        app.Use(
            (context, next) =>
            {
                context.Response.StatusCode = 503;
                if (IsAway)
                {
                    return Task.CompletedTask;
                }

                context.Response.StatusCode = 200;
                return next(context);
            }
        );
        app.MapGet(
            "/.well-known/openid-configuration",
            () =>
                new
                {
                    issuer = Issuer,
                    jwks_uri = $"{Issuer}/jwks",
                    token_endpoint = $"{Issuer}/token",
                }
        );
        app.MapGet("/jwks", Keys);
        app.MapPost(
            "/token",
            (HttpRequest request) =>
                OnTokenRequest(request, Interlocked.Increment(ref _tokenRequests))
        );
    }

    private IResult Keys()
    {
        Interlocked.Increment(ref _keyReads);
        lock (_keys)
        {
            var text = new StringBuilder("{\"keys\":[");
            text.AppendJoin(',', _keys.Select(Describe));
            return Results.Text(text.Append("]}").ToString(), "application/json");
        }
    }

    private static string Describe(SecurityKey key)
    {
        var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(key);
        return jwk.Kty switch
        {
            "EC" =>
                $$"""{"kty":"EC","use":"sig","kid":"{{jwk.Kid}}","crv":"P-256","x":"{{jwk.X}}","y":"{{jwk.Y}}"}""",
            "RSA" =>
                $$"""{"kty":"RSA","use":"sig","kid":"{{jwk.Kid}}","n":"{{jwk.N}}","e":"{{jwk.E}}"}""",
            _ => $$"""{"kty":"oct","use":"sig","kid":"{{jwk.Kid}}","k":"{{jwk.K}}"}""",
        };
    }
}
