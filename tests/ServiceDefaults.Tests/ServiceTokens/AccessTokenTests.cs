using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.ServiceDefaults.Tests.ServiceTokens;

public sealed class AccessTokenTests : IAsyncLifetime
{
    private static readonly Guid Team = Guid.Parse("01939e3a-0000-7000-8000-000000000001");

    private FakeIssuer _issuer = null!;
    private WebApplication _app = null!;
    private HttpClient _client = null!;
    private readonly ShiftedTime _time = new();

    public async ValueTask InitializeAsync()
    {
        _issuer = await FakeIssuer.StartAsync();
        await StartAppAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task Request_ValidToken_GivesTheCaller(string algorithm)
    {
        if (algorithm == "RS256")
        {
            _issuer.Rotate(FakeIssuer.NewRsaKey("rsa-1"));
        }

        var token = _issuer.Token(
            claims: new Dictionary<string, object>
            {
                ["roles"] = new List<string> { "auditor" },
                ["teams"] = new Dictionary<string, object>
                {
                    [new Id<TeamKind>(Team).ToString()] = new List<string> { "owner", "viewer" },
                },
            }
        );

        using var response = await SendAsync(token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var who = (await response.Content.ReadFromJsonAsync<Who>())!;
        who.ShouldBe(new Who("User", "usr_1", "portal", "auditor", $"{Team}=owner+viewer"));
    }

    [Fact]
    public async Task Request_NoToken_IsChallengedWithoutAnError()
    {
        using var response = await SendAsync(null);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public Task Request_OtherAudience_IsRefused() =>
        ShouldBeRefusedAsync(_issuer.Token(d => d.Audience = "analytics"), "another audience");

    [Fact]
    public Task Request_NoAudience_IsRefused() =>
        ShouldBeRefusedAsync(_issuer.Token(d => d.Audience = null), "another audience");

    [Fact]
    public Task Request_OtherIssuer_IsRefused() =>
        ShouldBeRefusedAsync(
            _issuer.Token(d => d.Issuer = "https://evil.example"),
            "another issuer"
        );

    [Fact]
    public Task Request_ExpiredPastTheSkew_IsRefused() =>
        ShouldBeRefusedAsync(
            _issuer.Token(d =>
            {
                d.NotBefore = DateTime.UtcNow.AddMinutes(-6);
                d.Expires = DateTime.UtcNow.AddSeconds(-31);
            }),
            "expired"
        );

    [Fact]
    public async Task Request_ExpiredWithinTheSkew_IsAccepted()
    {
        var token = _issuer.Token(d =>
        {
            d.NotBefore = DateTime.UtcNow.AddMinutes(-5);
            d.Expires = DateTime.UtcNow.AddSeconds(-10);
        });

        using var response = await SendAsync(token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public Task Request_NotValidYet_IsRefused() =>
        ShouldBeRefusedAsync(
            _issuer.Token(d => d.NotBefore = DateTime.UtcNow.AddMinutes(2)),
            "not valid yet"
        );

    [Fact]
    public Task Request_WithoutExpiry_IsRefused() =>
        ShouldBeRefusedAsync(_issuer.Token(d => d.Expires = null), "expired");

    [Theory]
    [InlineData("JWT")]
    [InlineData("id+jwt")]
    [InlineData("logout+jwt")]
    public Task Request_OtherType_IsRefused(string type) =>
        ShouldBeRefusedAsync(_issuer.Token(d => d.TokenType = type), "not an access token");

    [Fact]
    public Task Request_AlgorithmNone_IsRefused()
    {
        var parts = _issuer.Token().Split('.');
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt","kid":"ec-1"}""");
        return ShouldBeRefusedAsync($"{header}.{parts[1]}.", "algorithm");
    }

    [Fact]
    public Task Request_Hs256WithThePublicKeyAsSecret_IsRefused()
    {
        // The classic confusion: the verifier would take the public key's text for an HMAC secret.
        var rsa = FakeIssuer.NewRsaKey("rsa-1");
        _issuer.Rotate(rsa);
        var pem = Encoding.ASCII.GetBytes(rsa.Rsa.ExportSubjectPublicKeyInfoPem());
        return ShouldBeRefusedAsync(Forge(pem, "rsa-1"), "algorithm");
    }

    [Fact]
    public Task Request_Hs256WithAPublishedSymmetricKey_IsRefused()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        _issuer.Publish(new SymmetricSecurityKey(secret) { KeyId = "oct-1" });
        return ShouldBeRefusedAsync(Forge(secret, "oct-1"), "algorithm");
    }

    [Fact]
    public Task Request_SignedByAnotherKeyUnderAKnownId_IsRefused() =>
        ShouldBeRefusedAsync(
            _issuer.Token(d =>
                d.SigningCredentials = new SigningCredentials(FakeIssuer.NewEcKey("ec-1"), "ES256")
            ),
            "signature"
        );

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("a.b.c.d.e")]
    public Task Request_Garbage_IsRefused(string token) => ShouldBeRefusedAsync(token, "malformed");

    [Theory]
    [InlineData("apisvc_kind", "root")]
    [InlineData("roles", "admin")]
    [InlineData("teams", "all")]
    public Task Request_ClaimOfAnotherForm_IsRefused(string claim, string value) =>
        ShouldBeRefusedAsync(
            _issuer.Token(claims: new Dictionary<string, object> { [claim] = value }),
            "claims"
        );

    [Fact]
    public async Task Request_RotatedKey_IsReadAtOnceButNotForEveryUnknownOne()
    {
        using (await SendAsync(_issuer.Token())) { }

        _issuer.Rotate(FakeIssuer.NewEcKey("ec-2"));
        var before = _issuer.KeyReads;
        using (var rotated = await SendAsync(_issuer.Token()))
        {
            rotated.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        _issuer.KeyReads.ShouldBe(before + 1);

        // Made-up ids afterwards do not reach the issuer.
        for (var i = 0; i < 20; i++)
        {
            var forged = _issuer.Token(d =>
                d.SigningCredentials = new SigningCredentials(
                    FakeIssuer.NewEcKey("made-up"),
                    "ES256"
                )
            );
            await ShouldBeRefusedAsync(forged, "unknown key");
        }

        _issuer.KeyReads.ShouldBe(before + 1);

        // Until the interval is over.
        _time.Shift += RemoteIssuerKeys.UnknownKeyInterval;
        _issuer.Rotate(FakeIssuer.NewEcKey("ec-3"));
        using var third = await SendAsync(_issuer.Token());
        third.StatusCode.ShouldBe(HttpStatusCode.OK);
        _issuer.KeyReads.ShouldBe(before + 2);
    }

    [Fact]
    public async Task Request_IssuerAway_GoesOnWithTheLastKeys()
    {
        var token = _issuer.Token();
        using (await SendAsync(token)) { }
        _issuer.IsAway = true;
        var unknown = _issuer.Token(d =>
            d.SigningCredentials = new SigningCredentials(FakeIssuer.NewEcKey("ec-9"), "ES256")
        );

        await ShouldBeRefusedAsync(unknown, "unknown key");
        using var response = await SendAsync(token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Request_IssuerNeverSeen_IsUnavailableNotUnauthenticated()
    {
        await _app.DisposeAsync();
        _issuer.IsAway = true;
        await StartAppAsync();

        using var response = await SendAsync(_issuer.Token());

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Request_AnonymousEndpointWithABadToken_IsAnonymous()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/open");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "bad");

        using var response = await _client.SendAsync(request);

        (await response.Content.ReadAsStringAsync()).ShouldBe("anonymous");
    }

    private async Task StartAppAsync()
    {
        _app = ServiceHost.Build(
            app =>
            {
                app.MapGet("/v1/who", Who.Of).RequireAnyCaller();
                app.MapGet("/v1/open", (Caller caller) => caller.Subject).AllowAnonymousCaller();
            },
            builder =>
            {
                builder.WebHost.UseTestServer();
                builder.Services.AddSingleton<TimeProvider>(_time);
            },
            ("Tokens:Issuer", _issuer.Issuer)
        );
        await _app.StartAsync();
        _client = _app.GetTestClient();
    }

    private string Forge(byte[] secret, string keyId) =>
        _issuer.Token(d =>
            d.SigningCredentials = new SigningCredentials(
                new SymmetricSecurityKey(secret) { KeyId = keyId },
                SecurityAlgorithms.HmacSha256
            )
        );

    private async Task ShouldBeRefusedAsync(string token, string reason)
    {
        using var response = await SendAsync(token);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var challenge = response.Headers.WwwAuthenticate.ToString();
        challenge.ShouldStartWith("Bearer error=\"invalid_token\"");
        challenge.ShouldContain(reason);
    }

    private async Task<HttpResponseMessage> SendAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/who");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return await _client.SendAsync(request);
    }

    private sealed record Who(
        string Kind,
        string Subject,
        string? ClientId,
        string Roles,
        string Teams
    )
    {
        public static Who Of(Caller caller) =>
            new(
                caller.Kind.ToString(),
                caller.Subject,
                caller.ClientId,
                string.Join('+', caller.PlatformRoles.Order(StringComparer.Ordinal)),
                string.Join(
                    ',',
                    caller.TeamRoles.Select(t =>
                        $"{t.Key}={string.Join('+', t.Value.Order(StringComparer.Ordinal))}"
                    )
                )
            );
    }
}
