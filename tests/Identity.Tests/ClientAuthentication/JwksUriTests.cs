using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tests.ClientAuthentication;

/// <summary>Clients that have their public keys at an address of their own.</summary>
public sealed class JwksUriTests : IAsyncLifetime
{
    private readonly List<ECDsaSecurityKey> _keys = [NewKey("k1")];
    private IdentityHost _host = null!;
    private WebApplication _server = null!;
    private string _address = null!;
    private string _client = null!;
    private string? _answer;
    private int _asked;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.MapGet(
            "/keys",
            () =>
            {
                _asked++;
                return Results.Text(_answer ?? Set(), "application/jwk-set+json");
            }
        );
        await _server.StartAsync();
        _address = $"{_server.Urls.First()}/keys";
        _host = await IdentityHost.StartReadyAsync(
            null,
            ("Egress:AllowedNetworks:0", "127.0.0.0/8")
        );
        _client = await MakeAsync(_host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
        _keys.ForEach(k => k.ECDsa.Dispose());
    }

    [Fact]
    public async Task Token_ByAKeyThere_IsGivenAndTheKeysAreKept()
    {
        await GivenAsync(_keys[0]);
        await GivenAsync(_keys[0]);
        _asked.ShouldBe(1);

        _host.Time.Advance(TimeSpan.FromMinutes(10));
        await GivenAsync(_keys[0]);
        _asked.ShouldBe(2);
    }

    [Fact]
    public async Task Token_ByANewKey_HasThemReadAtMostOnceAMinute()
    {
        await GivenAsync(_keys[0]);
        using var madeUp = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _host.Time.Advance(TimeSpan.FromMinutes(1));

        await RefusedAsync(new ECDsaSecurityKey(madeUp) { KeyId = "unknown" });
        await RefusedAsync(new ECDsaSecurityKey(madeUp) { KeyId = "unknown-too" });
        _asked.ShouldBe(2);
        _keys.Add(NewKey("k2"));
        await RefusedAsync(_keys[1]);
        _asked.ShouldBe(2, "a minute has not passed");

        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await GivenAsync(_keys[1]);
        _asked.ShouldBe(3);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"keys":"none"}""")]
    public async Task Token_WhileTheyCannotBeRead_IsGivenByThoseThatAreKnownForADay(string answer)
    {
        await GivenAsync(_keys[0]);
        _answer = answer;

        _host.Time.Advance(TimeSpan.FromHours(23));
        await GivenAsync(_keys[0]);
        _host.Time.Advance(TimeSpan.FromHours(1));
        await RefusedAsync(_keys[0]);
    }

    [Fact]
    public async Task Token_ByAPublishedSecret_IsRefused()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        _answer = JsonSerializer.Serialize(
            new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "oct",
                        kid = "s",
                        k = Base64UrlEncoder.Encode(secret),
                    },
                },
            }
        );

        await RefusedAsync(new SymmetricSecurityKey(secret) { KeyId = "s" }, "HS256");
    }

    [Fact]
    public async Task Token_FromAnAddressThatMayNotBeCalled_IsRefusedAndNothingIsAsked()
    {
        await using var guarded = await IdentityHost.StartReadyAsync();
        var client = await MakeAsync(guarded);

        var answer = await AskAsync(guarded, Sign(_keys[0], client: client));

        answer.ShouldRefuse("invalid_client", HttpStatusCode.Unauthorized);
        _asked.ShouldBe(0);
    }

    [Theory]
    [InlineData("http://keys.example/jwks")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/jwks")]
    public async Task Register_AnotherAddress_IsRefused(string address)
    {
        var refused = await RegisterAsync(_host, address);

        refused.ShouldBe(HttpStatusCode.BadRequest).Text.ShouldContain("jwksUri");
    }

    private static ECDsaSecurityKey NewKey(string id) =>
        new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = id };

    private string Set() =>
        JsonSerializer.Serialize(
            new
            {
                keys = _keys.Select(k =>
                {
                    var point = k.ECDsa.ExportParameters(includePrivateParameters: false).Q;
                    return new
                    {
                        kty = "EC",
                        kid = k.KeyId,
                        crv = "P-256",
                        x = Base64UrlEncoder.Encode(point.X),
                        y = Base64UrlEncoder.Encode(point.Y),
                    };
                }),
            }
        );

    private async Task GivenAsync(SecurityKey key) =>
        (await AskAsync(_host, Sign(key))).ShouldBe(HttpStatusCode.OK);

    private async Task RefusedAsync(SecurityKey key, string algorithm = "ES256") =>
        (await AskAsync(_host, Sign(key, algorithm))).ShouldRefuse(
            "invalid_client",
            HttpStatusCode.Unauthorized
        );

    private static Task<Answer> AskAsync(IdentityHost host, string assertion) =>
        host.PostFormAsync(
            "/connect/token",
            null,
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion)
        );

    private string Sign(SecurityKey key, string algorithm = "ES256", string? client = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = client ?? _client,
                Audience = IdentityHost.Issuer,
                Expires = _host.Time.GetUtcNow().UtcDateTime.AddMinutes(5),
                Claims = new Dictionary<string, object>
                {
                    ["sub"] = client ?? _client,
                    ["jti"] = Guid.NewGuid().ToString(),
                },
                SigningCredentials = new SigningCredentials(key, algorithm),
            }
        );

    private async Task<string> MakeAsync(IdentityHost host) =>
        (await RegisterAsync(host, _address))
            .ShouldBe(HttpStatusCode.Created)
            .Body.GetProperty("client")
            .GetProperty("clientId")
            .GetString()!;

    private static async Task<Answer> RegisterAsync(IdentityHost host, string address)
    {
        var admin = await host.AdminAsync();
        var application = host.AddApplication(await admin.CreateTeamAsync($"t-{Guid.NewGuid():n}"));
        return await admin.PostAsync(
            $"/v1/applications/{application}/oauth-clients",
            new
            {
                environment = "sandbox",
                name = "client",
                authentication = "private_key_jwt",
                jwksUri = address,
            }
        );
    }
}
