using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiSvc.Identity.ExternalSignIn;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tests.ExternalSignIn;

/// <summary>ID tokens that a provider, or who plays it, could send.</summary>
public sealed class IdTokenCheckTests : IDisposable
{
    private const string Issuer = "https://provider.example";
    private const string Client = "apisvc";
    private const string Nonce = "the nonce";
    private const string AccessToken = "the access token";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _other = RSA.Create(2048);

    [Fact]
    public async Task Judge_TrueToken_GivesItsClaims()
    {
        var (user, fault) = await JudgeAsync(Sign(Claims()));

        fault.ShouldBeNull();
        user!.Issuer.ShouldBe(Issuer);
        user.Subject.ShouldBe("eva");
        user.Has("groups", "b").ShouldBeTrue();
        user.AuthenticationMethods.ShouldBe(["pwd", "mfa"]);
    }

    public static TheoryData<string, object?> Changes =>
        new()
        {
            { "iss", "https://evil.example" },
            { "iss", $"{Issuer}/" },
            { "aud", "another" },
            { "aud", new[] { Client, "another" } },
            { "azp", "another" },
            { "sub", "" },
            { "sub", null },
            { "nonce", "another" },
            { "nonce", null },
            { "exp", Now.AddMinutes(-3).ToUnixTimeSeconds() },
            { "exp", null },
            { "iat", Now.AddMinutes(3).ToUnixTimeSeconds() },
            { "nbf", Now.AddMinutes(3).ToUnixTimeSeconds() },
            { "at_hash", "another" },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Judge_TokenWithAWrongClaim_Refuses(string claim, object? value)
    {
        var claims = Claims();
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = value;
        }

        var (user, fault) = await JudgeAsync(Sign(claims));

        user.ShouldBeNull();
        fault.ShouldNotBeNull();
    }

    [Fact]
    public async Task Judge_SeveralAudiencesWithTheClientAsParty_Accepts()
    {
        var claims = Claims();
        claims["aud"] = new[] { Client, "another" };
        claims["azp"] = Client;

        (await JudgeAsync(Sign(claims))).User.ShouldNotBeNull();
    }

    [Fact]
    public async Task Judge_UnsignedOrSignedByOthers_Refuses()
    {
        var none =
            $"{Encode("""{"alg":"none","typ":"JWT"}""")}.{Encode(JsonSerializer.Serialize(Claims()))}.";
        // The public key taken for a shared secret.
        var confused = Sign(
            Claims(),
            new SigningCredentials(
                new SymmetricSecurityKey(
                    Encoding.UTF8.GetBytes(_key.ExportSubjectPublicKeyInfoPem())
                ),
                "HS256"
            )
        );
        var bySecret = Sign(
            Claims(),
            new SigningCredentials(
                new SymmetricSecurityKey(
                    Encoding.UTF8.GetBytes("a secret of the client, 32 bytes long")
                ),
                "HS256"
            )
        );
        var otherKey = Sign(Claims(), Credentials(_other, "RS256"));
        // A good signature, by an algorithm that is not on the list.
        var otherAlgorithm = Sign(Claims(), Credentials(_key, "RS384"));

        foreach (
            var token in (string[])[none, confused, bySecret, otherKey, otherAlgorithm, "no token"]
        )
        {
            (await JudgeAsync(token)).User.ShouldBeNull(token);
        }
    }

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    private static Dictionary<string, object> Claims() =>
        new()
        {
            ["iss"] = Issuer,
            ["aud"] = Client,
            ["sub"] = "eva",
            ["nonce"] = Nonce,
            ["iat"] = Now.ToUnixTimeSeconds(),
            ["exp"] = Now.AddMinutes(5).ToUnixTimeSeconds(),
            ["groups"] = new[] { "a", "b" },
            ["amr"] = new[] { "pwd", "mfa", "own" },
            ["at_hash"] = Base64UrlEncoder.Encode(
                SHA256.HashData(Encoding.ASCII.GetBytes(AccessToken)),
                0,
                16
            ),
        };

    private string Sign(
        Dictionary<string, object> claims,
        SigningCredentials? credentials = null
    ) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            JsonSerializer.Serialize(claims),
            credentials ?? Credentials(_key, "RS256")
        );

    private static SigningCredentials Credentials(RSA key, string algorithm) =>
        new(new RsaSecurityKey(key) { KeyId = "k1" }, algorithm);

    private static string Encode(string text) => Base64UrlEncoder.Encode(text);

    private async Task<(ExternalUser? User, string? Fault)> JudgeAsync(string token)
    {
        var options = new ExternalSignInOptions
        {
            Providers =
            {
                ["p"] = new() { Issuer = Issuer, ClientId = Client },
            },
        };
        var time = new FixedTime();
        var directory = new ProviderDirectory(
            Options.Create(options),
            Options.Create(new TokenOptions { Issuer = IdentityHost.Issuer }),
            new Documents(_key),
            time
        );
        var provider = await directory.FindAsync("p", CancellationToken.None);
        return await new IdTokenCheck(directory, time).JudgeAsync(
            provider!,
            token,
            Nonce,
            AccessToken,
            CancellationToken.None
        );
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>The provider's documents, from memory.</summary>
    private sealed class Documents(RSA key) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var parameters = key.ExportParameters(includePrivateParameters: false);
            object document = request.RequestUri!.AbsolutePath.EndsWith(
                "openid-configuration",
                StringComparison.Ordinal
            )
                ? new
                {
                    issuer = Issuer,
                    authorization_endpoint = $"{Issuer}/a",
                    token_endpoint = $"{Issuer}/t",
                    jwks_uri = $"{Issuer}/k",
                }
                : new
                {
                    keys = new[]
                    {
                        new
                        {
                            kty = "RSA",
                            kid = "k1",
                            n = Base64UrlEncoder.Encode(parameters.Modulus),
                            e = Base64UrlEncoder.Encode(parameters.Exponent),
                        },
                    },
                };
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent(JsonSerializer.Serialize(document)),
                }
            );
        }
    }
}
