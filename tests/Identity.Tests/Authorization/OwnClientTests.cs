using System.Net;
using ApiSvc.Identity.Tests.Sessions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ApiSvc.Identity.Tests.Authorization;

/// <summary>Configured clients through which users act as who they are, such as a portal and a command line.</summary>
public sealed class OwnClientTests
{
    private static readonly (string, string?)[] Settings =
    [
        ("Issuer:Clients:tool:Public", "true"),
        ("Issuer:Clients:tool:GrantTypes:0", "authorization_code"),
        ("Issuer:Clients:tool:RedirectUris:0", "http://127.0.0.1/done"),
        ("Issuer:Clients:tool:Audiences:0", "identity"),
    ];

    [Fact]
    public async Task User_ThroughAConfiguredClient_MayDoWhatItsRolesSay()
    {
        await using var host = await IdentityHost.StartReadyAsync(null, Settings);
        var admin = await host.AdminAsync();
        var team = await admin.CreateTeamAsync("crew");
        var user = (
            await admin.PostAsync(
                "/v1/users",
                new
                {
                    login = "ada",
                    name = "Ada",
                    email = "ada@example.org",
                }
            )
        ).Id;
        await admin.PutAsync(
            $"/v1/teams/{team}/members/{user}",
            new { roles = new[] { "viewer" } }
        );
        using var browser = new Browser(host, host.SignedIn.SignIn(user));

        // Any program of the machine could pretend to be the tool: nothing is given unseen.
        var question = await browser.GetAsync(
            QueryHelpers.AddQueryString(
                "/connect/authorize",
                new Dictionary<string, string?>
                {
                    ["response_type"] = "code",
                    ["client_id"] = "tool",
                    ["redirect_uri"] = "http://127.0.0.1:4711/done",
                    ["scope"] = "openid",
                    ["code_challenge"] = CodeFlow.Challenge,
                    ["code_challenge_method"] = "S256",
                }
            )
        );
        var answer = await browser.SubmitAsync(question, ("decision", "allow"));
        var tokens = await host.PostFormAsync(
            "/connect/token",
            null,
            ("grant_type", "authorization_code"),
            ("client_id", "tool"),
            ("code", answer.Answer["code"]),
            ("redirect_uri", "http://127.0.0.1:4711/done"),
            ("code_verifier", CodeFlow.Verifier)
        );

        var token = new JsonWebToken(tokens.ShouldBe(HttpStatusCode.OK)["access_token"]);
        token.GetClaim("apisvc_kind").Value.ShouldBe("user");
        token.Audiences.ShouldBe(["identity"]);
        var caller = new ApiCaller(host.Http, tokens["access_token"]);
        (await caller.GetAsync($"/v1/teams/{team}")).ShouldBe(HttpStatusCode.OK);
        (await caller.DeleteAsync($"/v1/teams/{team}", "*")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task User_ThroughAConfiguredClientWithASecret_IsNotAsked()
    {
        await using var host = await IdentityHost.StartReadyAsync(
            null,
            ("Issuer:Clients:console:Secret", IdentityHost.Secret),
            ("Issuer:Clients:console:GrantTypes:0", "authorization_code"),
            ("Issuer:Clients:console:RedirectUris:0", CodeFlow.RedirectUri)
        );
        var admin = await host.AdminAsync();
        var users = await admin.GetAsync("/v1/users");
        var user = users.Body.GetProperty("items")[0].GetProperty("id").GetString()!;
        using var browser = new Browser(host, host.SignedIn.SignIn(user));

        var answer = await browser.GetAsync(
            QueryHelpers.AddQueryString(
                "/connect/authorize",
                new Dictionary<string, string?>
                {
                    ["response_type"] = "code",
                    ["client_id"] = "console",
                    ["redirect_uri"] = CodeFlow.RedirectUri,
                    ["code_challenge"] = CodeFlow.Challenge,
                    ["code_challenge_method"] = "S256",
                }
            )
        );
        var tokens = await host.PostFormAsync(
            "/connect/token",
            IdentityHost.Basic("console", IdentityHost.Secret),
            ("grant_type", "authorization_code"),
            ("code", answer.Answer["code"]),
            ("redirect_uri", CodeFlow.RedirectUri),
            ("code_verifier", CodeFlow.Verifier)
        );

        var token = new JsonWebToken(tokens.ShouldBe(HttpStatusCode.OK)["access_token"]);
        token.GetPayloadValue<string[]>("roles").ShouldBe(["admin"]);
        tokens.Body.TryGetProperty("scope", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task PublicClient_ForItself_GetsNothing()
    {
        await using var host = await IdentityHost.StartReadyAsync(null, Settings);

        foreach (var path in (string[])["/connect/token", "/connect/introspect"])
        {
            var answer = await host.PostFormAsync(
                path,
                null,
                ("grant_type", "client_credentials"),
                ("client_id", "tool"),
                ("token", "x")
            );
            answer.Body.TryGetProperty("access_token", out _).ShouldBeFalse();
            answer["error"]
                .ShouldBe(
                    path.EndsWith("token", StringComparison.Ordinal)
                        ? "unauthorized_client"
                        : "invalid_client"
                );
        }

        (
            await host.PostFormAsync(
                "/connect/token",
                null,
                ("grant_type", "authorization_code"),
                ("client_id", "tool"),
                ("client_secret", "made up")
            )
        ).ShouldRefuse("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("GrantTypes", "Issuer:Clients:tool:GrantTypes:0", "password")]
    [InlineData("RedirectUris", "Issuer:Clients:tool:RedirectUris:0", "http://tool.example/done")]
    [InlineData("Secret", "Issuer:Clients:tool:Secret", IdentityHost.Secret)]
    [InlineData("Public", "Issuer:Clients:tool:GrantTypes:1", "client_credentials")]
    public async Task Start_WrongClient_IsRefusedWithTheKeysName(
        string name,
        string key,
        string value
    )
    {
        var start = () =>
            IdentityHost.StartAsync(
                "Host=/nowhere;Database=identitydb;Username=postgres",
                [.. Settings.Where(s => s.Item1 != key), (key, value)]
            );

        (await start.ShouldThrowAsync<OptionsValidationException>()).Message.ShouldContain(
            $"Issuer:Clients:tool:{name}"
        );
    }
}
