using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tests.ClientAuthentication;

/// <summary>RFC 7523 section 3.</summary>
public sealed class PrivateKeyJwtTests(SharedIdentity identity)
    : IClassFixture<SharedIdentity>,
        IAsyncLifetime
{
    private const string TokenEndpoint = $"{IdentityHost.Issuer}/connect/token";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string _client = null!;

    public async ValueTask InitializeAsync()
    {
        var (_, application) = await identity.NewApplicationAsync();
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        _client = await MakeAsync(
            application,
            new
            {
                kty = "EC",
                kid = "k1",
                crv = "P-256",
                x = Base64UrlEncoder.Encode(point.X),
                y = Base64UrlEncoder.Encode(point.Y),
            }
        );
    }

    public ValueTask DisposeAsync()
    {
        _key.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(IdentityHost.Issuer)]
    [InlineData(TokenEndpoint)]
    public async Task Token_ForIssuerOrTokenEndpoint_IsGiven(string audience)
    {
        var answer = await AskAsync(Sign(audience: audience));

        new JsonWebToken(answer.ShouldBe(HttpStatusCode.OK)["access_token"]).Subject.ShouldBe(
            _client
        );
    }

    [Fact]
    public async Task Token_ByAnRsaKey_IsGiven()
    {
        using var key = RSA.Create(2048);
        var (_, application) = await identity.NewApplicationAsync();
        var public_ = key.ExportParameters(includePrivateParameters: false);
        var client = await MakeAsync(
            application,
            new
            {
                kty = "RSA",
                n = Base64UrlEncoder.Encode(public_.Modulus),
                e = Base64UrlEncoder.Encode(public_.Exponent),
            }
        );

        foreach (var algorithm in (string[])["RS256", "PS256"])
        {
            var assertion = Sign(
                client: client,
                credentials: new(new RsaSecurityKey(key), algorithm)
            );
            (await AskAsync(assertion)).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Token_WithTheSameAssertion_IsGivenOnce()
    {
        var assertion = Sign();
        (await AskAsync(assertion)).ShouldBe(HttpStatusCode.OK);

        (await AskAsync(assertion)).ShouldRefuse("invalid_client", HttpStatusCode.Unauthorized);
        (await AskAsync(Sign(id: new JsonWebToken(assertion).Id))).ShouldRefuse(
            "invalid_client",
            HttpStatusCode.Unauthorized
        );
    }

    [Fact]
    public async Task Token_WithAWrongAssertion_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = identity.Host.Time.GetUtcNow().UtcDateTime;
        var right = Sign();
        string[] wrong =
        [
            Sign(credentials: new(new ECDsaSecurityKey(other) { KeyId = "k1" }, "ES256")),
            Sign(audience: "https://else.example"),
            Sign(audience: $"{IdentityHost.Issuer}/"),
            Sign(moreAudience: "https://else.example"),
            Sign(issuer: "client_01jd3m4k5c6e7f8g9h0j1k2m3n"),
            Sign(expires: now.AddMinutes(-1)),
            Sign(expires: now.AddHours(2)),
            Sign(expires: DateTime.MaxValue),
            Sign(id: ""),
            Sign(id: new string('x', 201)),
            right[..^4] + "AAAA",
            Unsigned(right, "none"),
            Unsigned(right, "NONE"),
            // The public key as a secret, by an algorithm that only needs a secret.
            Sign(
                credentials: new(
                    new SymmetricSecurityKey(_key.ExportSubjectPublicKeyInfo()),
                    "HS256"
                )
            ),
            "no.token.at-all",
            "x",
        ];

        foreach (var assertion in wrong)
        {
            (await AskAsync(assertion)).ShouldRefuse("invalid_client", HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Token_WithASecretOrNothing_IsRefused()
    {
        foreach (
            var form in ((string, string)[][])
                [
                    [("client_id", _client)],
                    [("client_id", _client), ("client_secret", "")],
                    [("client_id", _client), ("client_secret", "x")],
                ]
        )
        {
            (
                await identity.Host.PostFormAsync(
                    "/connect/token",
                    null,
                    [("grant_type", "client_credentials"), .. form]
                )
            ).ShouldRefuse("invalid_client", HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Token_WithTwoProofs_IsRefused() =>
        (
            await identity.Host.PostFormAsync(
                "/connect/token",
                IdentityHost.Basic("admin", IdentityHost.Secret),
                Form(Sign())
            )
        ).ShouldRefuse("invalid_request");

    [Fact]
    public async Task Token_OfAClientWithASecret_ByAnAssertion_IsRefused()
    {
        var (_, application) = await identity.NewApplicationAsync();
        var (id, _) = await identity.Admin.CreateClientAsync(application);

        (await AskAsync(Sign(client: id))).ShouldRefuse(
            "invalid_client",
            HttpStatusCode.Unauthorized
        );
    }

    private Task<Answer> AskAsync(string assertion) =>
        identity.Host.PostFormAsync("/connect/token", null, Form(assertion));

    private static (string, string)[] Form(string assertion) =>
        [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ];

    private string Sign(
        string? client = null,
        string? issuer = null,
        string audience = IdentityHost.Issuer,
        string? moreAudience = null,
        DateTime? expires = null,
        string? id = null,
        SigningCredentials? credentials = null
    )
    {
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = issuer ?? client ?? _client,
            Expires =
                expires == DateTime.MaxValue
                    ? null
                    : expires ?? identity.Host.Time.GetUtcNow().UtcDateTime.AddMinutes(1),
            Claims = new Dictionary<string, object> { ["sub"] = client ?? _client },
            SigningCredentials =
                credentials ?? new(new ECDsaSecurityKey(_key) { KeyId = "k1" }, "ES256"),
        };
        descriptor.Audiences.Add(audience);
        if (moreAudience is not null)
        {
            descriptor.Audiences.Add(moreAudience);
        }

        if (id != "")
        {
            descriptor.Claims["jti"] = id ?? Guid.NewGuid().ToString("N");
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            descriptor
        );
    }

    private static string Unsigned(string token, string algorithm) =>
        $"{Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}"}"""))}.{token.Split('.')[1]}.";

    private async Task<string> MakeAsync(string application, object key) => (
            await identity.Admin.PostAsync(
                $"/v1/applications/{application}/oauth-clients",
                new
                {
                    environment = "sandbox",
                    name = "signer",
                    authentication = "private_key_jwt",
                    jwks = new { keys = new[] { key } },
                }
            )
        ).ShouldBe(HttpStatusCode.Created).Body.GetProperty("client").GetProperty("clientId").GetString()!;
}
