using System.Net;
using System.Text.Json;
using Dapper;
using Microsoft.IdentityModel.JsonWebTokens;
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
