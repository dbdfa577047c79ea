using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ApiSvc.Identity.Tests.OAuthClients;

public sealed class OAuthClientTests(SharedIdentity identity)
    : IClassFixture<SharedIdentity>,
        IAsyncLifetime
{
    private static readonly (string, string) Grant = ("grant_type", "client_credentials");

    private readonly IdentityHost _host = identity.Host;
    private readonly ApiCaller _admin = identity.Admin;
    private string _team = null!;
    private string _application = null!;

    public async ValueTask InitializeAsync() =>
        (_team, _application) = await identity.NewApplicationAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Create_TheSecret_IsShownOnceAndKeptNowhere()
    {
        var (id, secret) = await _admin.CreateClientAsync(_application, "orders.read");

        var read = await _admin.GetAsync($"/v1/oauth-clients/{id}");
        var list = await _admin.GetAsync($"/v1/applications/{_application}/oauth-clients");
        read.ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain(secret);
        list.Text.ShouldContain(id);
        list.Text.ShouldNotContain(secret);
        list.Text.ShouldNotContain("clientSecret");
        list.Text.ShouldNotContain("sha256");
        string.Join('\n', _host.Logs.All).ShouldNotContain(secret);
        await using var db = new NpgsqlConnection(_host.ConnectionString);
        var stored = await db.QueryAsync<string>(
            """
            select row_to_json(c)::text from oauth_clients c
            union all select row_to_json(a)::text from service.audit_log a
            union all select encode(payload, 'escape') from service.outbox
            """
        );
        stored.ShouldAllBe(row => !row.Contains(secret));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_ByBasicOrPost_IsTheApplications(bool isBasic)
    {
        var (id, secret) = await _admin.CreateClientAsync(
            _application,
            "orders.read",
            "orders.write"
        );

        var token = isBasic
            ? await _host.TokenAsync(id, secret)
            : await PostedTokenAsync(id, secret);

        var read = new JsonWebToken(token);
        read.Typ.ShouldBe("at+jwt");
        read.Audiences.ShouldBe(["apis"]);
        read.Subject.ShouldBe(id);
        read.GetClaim("client_id").Value.ShouldBe(id);
        read.GetClaim("application").Value.ShouldBe(_application);
        read.GetClaim("scope").Value.ShouldBe("orders.read orders.write");
        read.GetClaim("apisvc_kind").Value.ShouldBe("application");
        read.TryGetClaim("roles", out _).ShouldBeFalse();
        read.TryGetClaim("teams", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Token_OfAnApplication_OpensNoManagementApi()
    {
        var (id, secret) = await _admin.CreateClientAsync(_application);
        var token = await _host.TokenAsync(id, secret);

        var caller = new ApiCaller(_host.Http, token);

        (await caller.GetAsync("/v1/teams")).ShouldBe(HttpStatusCode.Unauthorized);
        using var other = await _host.AskAsync(
            IdentityHost.Basic(id, secret),
            Grant,
            ("audience", "identity")
        );
        await ShouldRefuseAsync(other, HttpStatusCode.BadRequest, "invalid_target");
    }

    [Theory]
    [InlineData("orders.read", "orders.read")]
    [InlineData("orders.write orders.read", "orders.write orders.read")]
    public async Task Token_ForSomeScopes_HasThoseAlone(string asked, string given)
    {
        var (id, secret) = await _admin.CreateClientAsync(
            _application,
            "orders.read",
            "orders.write"
        );

        var token = await _host.TokenAsync(id, secret, ("scope", asked));

        new JsonWebToken(token).GetClaim("scope").Value.ShouldBe(given);
    }

    [Theory]
    [InlineData("orders.delete")]
    [InlineData("orders.read orders.delete")]
    [InlineData("ORDERS.READ")]
    [InlineData("orders")]
    public async Task Token_ForAScopeThatIsNotRegistered_IsRefused(string scope)
    {
        var (id, secret) = await _admin.CreateClientAsync(_application, "orders.read");

        using var refused = await _host.AskAsync(
            IdentityHost.Basic(id, secret),
            Grant,
            ("scope", scope)
        );

        await ShouldRefuseAsync(refused, HttpStatusCode.BadRequest, "invalid_scope");
    }

    [Fact]
    public async Task Token_WrongSecret_IsInvalidClient()
    {
        var (id, secret) = await _admin.CreateClientAsync(_application);
        var (otherId, _) = await _admin.CreateClientAsync(_application);

        using var wrong = await _host.AskAsync(IdentityHost.Basic(id, secret[..^1]), Grant);
        using var others = await _host.AskAsync(IdentityHost.Basic(otherId, secret), Grant);

        await ShouldRefuseAsync(wrong, HttpStatusCode.Unauthorized, "invalid_client");
        await ShouldRefuseAsync(others, HttpStatusCode.Unauthorized, "invalid_client");
    }

    [Fact]
    public async Task Revoke_AClient_EndsItAloneAndTwiceIsOnce()
    {
        var (id, secret) = await _admin.CreateClientAsync(_application);
        var (otherId, otherSecret) = await _admin.CreateClientAsync(_application);

        var first = await _admin.PostAsync($"/v1/oauth-clients/{id}/revoke");
        var again = await _admin.PostAsync($"/v1/oauth-clients/{id}/revoke");

        again.ShouldBe(HttpStatusCode.OK).Text.ShouldBe(first.Text);
        first["revokedAt"].ShouldNotBeNull();
        using var refused = await _host.AskAsync(IdentityHost.Basic(id, secret), Grant);
        await ShouldRefuseAsync(refused, HttpStatusCode.Unauthorized, "invalid_client");
        await _host.TokenAsync(otherId, otherSecret);
    }

    [Fact]
    public async Task DeletedApplication_ItsClients_GetNoTokensAndNoneAreMade()
    {
        var (id, secret) = await _admin.CreateClientAsync(_application);

        await _host.DeleteApplicationAsync(_application, _team);

        using var refused = await _host.AskAsync(IdentityHost.Basic(id, secret), Grant);
        await ShouldRefuseAsync(refused, HttpStatusCode.Unauthorized, "invalid_client");
        (
            await _admin.PostAsync(
                $"/v1/applications/{_application}/oauth-clients",
                new { environment = "sandbox", name = "late" }
            )
        ).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task DeletedTeam_ItsApplicationsClients_GetNoTokens()
    {
        var (id, secret) = await _admin.CreateClientAsync(_application);

        (await _admin.DeleteAsync($"/v1/teams/{_team}", "*")).ShouldBe(HttpStatusCode.NoContent);

        using var refused = await _host.AskAsync(IdentityHost.Basic(id, secret), Grant);
        await ShouldRefuseAsync(refused, HttpStatusCode.Unauthorized, "invalid_client");
    }

    [Fact]
    public async Task Create_Garbage_TellsAllViolations()
    {
        var answer = await _admin.PostAsync(
            $"/v1/applications/{_application}/oauth-clients",
            new
            {
                environment = "moon",
                name = "",
                scopes = new[] { "two words" },
            }
        );

        answer
            .ShouldBe(HttpStatusCode.BadRequest)
            .Body.GetProperty("errors")
            .EnumerateArray()
            .Select(e => e.GetProperty("location").GetString())
            .ShouldBe(["#/environment", "#/name", "#/scopes"], ignoreOrder: true);
    }

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

    [Fact]
    public async Task Create_CatalogAway_Is503AndMakesNothing()
    {
        _host.Catalog.IsAway = true;
        var answer = await _admin.PostAsync(
            $"/v1/applications/{_application}/oauth-clients",
            new { environment = "sandbox", name = "c" }
        );
        _host.Catalog.IsAway = false;

        answer
            .ShouldBe(HttpStatusCode.ServiceUnavailable)["type"]
            .ShouldEndWith("/catalog-unavailable");
        (await _admin.GetAsync($"/v1/applications/{_application}/oauth-clients"))
            .Body.GetProperty("items")
            .GetArrayLength()
            .ShouldBe(0);
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

    private async Task<string> PostedTokenAsync(string id, string secret)
    {
        using var response = await _host.AskAsync(
            Grant,
            ("client_id", id),
            ("client_secret", secret)
        );
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await ReadAsync(response)).GetProperty("access_token").GetString()!;
    }

    private static async Task ShouldRefuseAsync(
        HttpResponseMessage response,
        HttpStatusCode status,
        string error
    )
    {
        response.StatusCode.ShouldBe(status);
        (await ReadAsync(response)).GetProperty("error").GetString().ShouldBe(error);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
}
