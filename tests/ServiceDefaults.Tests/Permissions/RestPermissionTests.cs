using System.Net;
using System.Net.Http.Headers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Tests.ServiceTokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Tests.Permissions;

public sealed class RestPermissionTests : IAsyncLifetime
{
    private readonly FakeTeams _lookup = new();
    private FakeIssuer _issuer = null!;
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await FakeIssuer.StartAsync();
        _app = ServiceHost.Build(
            app =>
            {
                app.MapGet("/v1/apis", (Caller c) => c.TeamsWith("apis.read").Teams)
                    .RequirePermission("apis.read", Team.Any);
                app.MapGet("/v1/apis/{apiId}", () => "api")
                    .RequirePermission("apis.read", Team.Of<FakeTeams>("apiId"));
                app.MapPut("/v1/apis/{apiId}", () => "changed")
                    .RequirePermission("apis.write", Team.Of<FakeTeams>("apiId"));
                app.MapPost("/v1/teams/{teamId}/apis", (HttpContext _) => Results.Created())
                    .RequirePermission("apis.write", Team.FromRoute("teamId"));
                app.MapGet("/v1/nodes", () => "nodes")
                    .RequirePermission("nodes.read", Team.Platform);
                app.MapGet("/v1/me", (Caller c) => c.Subject).RequireAnyCaller();
            },
            builder =>
            {
                builder.WebHost.UseTestServer();
                builder.Services.AddSingleton(_lookup);
            },
            ("Tokens:Issuer", _issuer.Issuer),
            ("Permissions:Roles:admin:0", "*"),
            ("Permissions:Roles:auditor:0", "apis.read"),
            ("Permissions:Roles:auditor:1", "nodes.read"),
            ("Permissions:Roles:publisher:0", "apis.read"),
            ("Permissions:Roles:publisher:1", "apis.write"),
            ("Permissions:Roles:viewer:0", "apis.read")
        );
        await _app.StartAsync();
        _client = _app.GetTestClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Theory]
    // role on the platform, role in the own team → status
    [InlineData("GET", "/v1/apis/own", null, "publisher", 200)]
    [InlineData("PUT", "/v1/apis/own", null, "publisher", 200)]
    [InlineData("PUT", "/v1/apis/own", null, "viewer", 403)]
    [InlineData("PUT", "/v1/apis/own", null, "unheard-of", 403)]
    [InlineData("GET", "/v1/apis/hidden", null, "publisher", 404)]
    [InlineData("PUT", "/v1/apis/hidden", null, "publisher", 404)]
    [InlineData("PUT", "/v1/apis/published", null, "publisher", 403)]
    [InlineData("GET", "/v1/apis/nowhere", null, "publisher", 404)]
    [InlineData("GET", "/v1/apis/hidden", "admin", null, 200)]
    [InlineData("PUT", "/v1/apis/hidden", "admin", null, 200)]
    [InlineData("GET", "/v1/apis/hidden", "auditor", null, 200)]
    [InlineData("PUT", "/v1/apis/hidden", "auditor", null, 403)]
    [InlineData("GET", "/v1/apis/nowhere", "admin", null, 404)]
    [InlineData("POST", "/v1/teams/own/apis", null, "publisher", 201)]
    [InlineData("POST", "/v1/teams/own/apis", null, "viewer", 403)]
    [InlineData("POST", "/v1/teams/other/apis", null, "publisher", 404)]
    [InlineData("POST", "/v1/teams/other/apis", "admin", null, 201)]
    [InlineData("POST", "/v1/teams/malformed/apis", "admin", null, 404)]
    [InlineData("GET", "/v1/nodes", null, "publisher", 403)]
    [InlineData("GET", "/v1/nodes", "auditor", null, 200)]
    // A team's role named like a platform's holds in the team only.
    [InlineData("GET", "/v1/nodes", null, "auditor", 403)]
    [InlineData("GET", "/v1/apis", null, "viewer", 200)]
    [InlineData("GET", "/v1/apis", null, null, 403)]
    [InlineData("GET", "/v1/me", null, null, 200)]
    public async Task Request_ByRole_IsAnsweredByTheRule(
        string method,
        string path,
        string? platformRole,
        string? teamRole,
        int status
    )
    {
        using var response = await SendAsync(method, path, Token(platformRole, teamRole));

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Theory]
    [InlineData("/v1/apis")]
    [InlineData("/v1/apis/own")]
    [InlineData("/v1/apis/nowhere")]
    [InlineData("/v1/nodes")]
    [InlineData("/v1/me")]
    public async Task Request_NoToken_Is401AndNothingIsLookedUp(string path)
    {
        using var response = await SendAsync("GET", path, null);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        _lookup.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task Request_HiddenAndNonexistent_LookTheSame()
    {
        var token = Token(null, "publisher");
        using var hidden = await SendAsync("GET", "/v1/apis/hidden", token);
        using var nowhere = await SendAsync("GET", "/v1/apis/nowhere", token);

        WithoutId(await hidden.Content.ReadAsStringAsync())
            .ShouldBe(WithoutId(await nowhere.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Request_AfterTheTableIsReplaced_IsJudgedByTheNewOne()
    {
        _app.Services.GetRequiredService<RoleTableState>()
            .Replace(
                new RoleTable([
                    KeyValuePair.Create<string, IReadOnlyCollection<string>>(
                        "viewer",
                        ["apis.write"]
                    ),
                ])
            );

        using var write = await SendAsync("PUT", "/v1/apis/own", Token(null, "viewer"));
        using var read = await SendAsync("GET", "/v1/apis/own", Token(null, "viewer"));

        write.StatusCode.ShouldBe(HttpStatusCode.OK);
        read.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private string Token(string? platformRole, string? teamRole)
    {
        var claims = new Dictionary<string, object>();
        if (platformRole is not null)
        {
            claims["roles"] = new[] { platformRole };
        }

        if (teamRole is not null)
        {
            claims["teams"] = new Dictionary<string, object>
            {
                [FakeTeams.OwnId] = new[] { teamRole },
            };
        }

        return _issuer.Token(claims: claims);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? token)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            path.Replace("/own/", $"/{FakeTeams.OwnId}/", StringComparison.Ordinal)
                .Replace("/other/", $"/{FakeTeams.OtherId}/", StringComparison.Ordinal)
        );
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await _client.SendAsync(request);
    }

    private static string WithoutId(string problem) =>
        System.Text.RegularExpressions.Regex.Replace(
            problem,
            "\"id\":\"[^\"]*\"",
            "",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
}
