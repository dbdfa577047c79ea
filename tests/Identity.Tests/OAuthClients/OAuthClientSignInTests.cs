using System.Net;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tests.OAuthClients;

/// <summary>What an OAuth client is registered with for signing users in: addresses, grant types, keys.</summary>
public sealed class OAuthClientSignInTests(SharedIdentity identity)
    : IClassFixture<SharedIdentity>,
        IAsyncLifetime
{
    private readonly IdentityHost _host = identity.Host;
    private readonly ApiCaller _admin = identity.Admin;
    private string _application = null!;

    public async ValueTask InitializeAsync() =>
        (_, _application) = await identity.NewApplicationAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("http://shop.example/callback")]
    [InlineData("http://localhost/callback")]
    [InlineData("http://127.0.0.2/callback")]
    [InlineData("https://shop.example/callback#part")]
    [InlineData("https://shop.example/callback#")]
    [InlineData("https://ada@shop.example/callback")]
    [InlineData("https://shop.example/call back")]
    [InlineData("https://shop.example/*\\")]
    [InlineData("https://shöp.example/callback")]
    [InlineData("/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("shop:/callback")]
    [InlineData("")]
    public async Task Create_WithAnAddressThatMayNotBe_IsRefused(string address)
    {
        var answer = await _admin.PostAsync(
            $"/v1/applications/{_application}/oauth-clients",
            new
            {
                environment = "sandbox",
                name = "c",
                grantTypes = new[] { "authorization_code" },
                redirectUris = new[] { "https://shop.example/right", address },
                postLogoutRedirectUris = new[] { address },
            }
        );

        LocationsOf(answer).ShouldBe(["#/redirectUris", "#/postLogoutRedirectUris"]);
        answer.Text.ShouldContain("Number 2 ");
    }

    [Fact]
    public async Task Create_WithWhatDoesNotGoTogether_TellsAllOfIt()
    {
        var answer = await _admin.PostAsync(
            $"/v1/applications/{_application}/oauth-clients",
            new
            {
                environment = "sandbox",
                name = "c",
                authentication = "none",
                jwks = new { keys = new[] { EcKey() } },
                grantTypes = new[] { "client_credentials", "refresh_token" },
                redirectUris = new[] { "https://shop.example/callback" },
            }
        );

        LocationsOf(answer)
            .ShouldBe(
                ["#/jwks", "#/redirectUris", "#/grantTypes", "#/grantTypes"],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Create_WithAPrivateOrUnusableKey_IsRefused()
    {
        var withPrivate = EcKey();
        withPrivate["d"] = "AAAA";
        var offCurve = EcKey();
        offCurve["y"] = offCurve["x"];
        foreach (
            var key in (Dictionary<string, string>[])
                [
                    withPrivate,
                    offCurve,
                    new()
                    {
                        ["kty"] = "RSA",
                        ["n"] = "AQAB",
                        ["e"] = "AQAB",
                    },
                ]
        )
        {
            var answer = await _admin.PostAsync(
                $"/v1/applications/{_application}/oauth-clients",
                new
                {
                    environment = "sandbox",
                    name = "c",
                    authentication = "private_key_jwt",
                    jwks = new { keys = new[] { key } },
                }
            );

            LocationsOf(answer).ShouldHaveSingleItem()!.ShouldStartWith("#/jwks/keys/0");
        }
    }

    [Fact]
    public async Task Update_ByItsTag_ReplacesAllButEnvironmentAndProof()
    {
        var (id, secret) = await _admin.CreateClientAsync(_application, "orders.read");
        var path = $"/v1/oauth-clients/{id}";
        var before = await _admin.GetAsync(path);
        object Change(string environment, string authentication) =>
            new
            {
                environment,
                name = "Shop",
                authentication,
                scopes = new[] { "orders.write" },
                grantTypes = new[] { "client_credentials", "authorization_code" },
                redirectUris = new[] { "https://shop.example/new" },
            };

        var after = await _admin.PutAsync(path, Change("sandbox", "secret"), before.ETag);

        after
            .ShouldBe(HttpStatusCode.OK)
            .Body.GetProperty("redirectUris")[0]
            .GetString()
            .ShouldBe("https://shop.example/new");
        after.ETag.ShouldNotBe(before.ETag);
        (await _admin.GetAsync(path)).Text.ShouldBe(after.Text);
        new JsonWebToken(await _host.TokenAsync(id, secret))
            .GetClaim("scope")
            .Value.ShouldBe("orders.write");
        (await _admin.PutAsync(path, Change("sandbox", "secret"), before.ETag)).ShouldBe(
            HttpStatusCode.PreconditionFailed
        );
        LocationsOf(await _admin.PutAsync(path, Change("production", "secret"), after.ETag))
            .ShouldBe(["#/environment"]);
        await _admin.PostAsync($"{path}/revoke");
        (await _admin.PutAsync(path, Change("sandbox", "secret"), "*")).ShouldBe(
            HttpStatusCode.Conflict
        );
    }

    [Fact]
    public async Task Create_Plain_IsForClientCredentialsAlone()
    {
        var (id, _) = await _admin.CreateClientAsync(_application);

        var client = (await _admin.GetAsync($"/v1/oauth-clients/{id}")).Body;

        client.GetProperty("authentication").GetString().ShouldBe("secret");
        client
            .GetProperty("grantTypes")
            .EnumerateArray()
            .ShouldHaveSingleItem()
            .GetString()
            .ShouldBe("client_credentials");
        client.GetProperty("redirectUris").GetArrayLength().ShouldBe(0);
    }

    private static Dictionary<string, string> EcKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
    }

    private static List<string?> LocationsOf(Answer answer) =>
        [
            .. answer
                .ShouldBe(HttpStatusCode.BadRequest)
                .Body.GetProperty("errors")
                .EnumerateArray()
                .Select(e => e.GetProperty("location").GetString()),
        ];
}
