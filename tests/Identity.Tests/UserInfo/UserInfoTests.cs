using System.Net;
using System.Net.Http.Headers;
using ApiSvc.Identity.Tests.Sessions;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tests.UserInfo;

/// <summary>Userinfo (OpenID Connect Core 1.0 section 5.3) and introspection (RFC 7662).</summary>
public sealed class UserInfoTests(SharedIdentity identity) : CodeFlowTests(identity)
{
    [Theory]
    [InlineData("openid", "sub")]
    [InlineData("openid profile", "sub name preferred_username")]
    [InlineData("openid email", "sub email")]
    public async Task UserInfo_ByScope_TellsThatAlone(string scope, string claims)
    {
        var token = (await Flow.TokensAsync(("scope", scope)))["access_token"];

        var told = (await Flow.UserInfoAsync(token)).ShouldBe(HttpStatusCode.OK);

        told.Body.EnumerateObject()
            .Select(c => c.Name)
            .ShouldBe(claims.Split(' '), ignoreOrder: true);
        told["sub"].ShouldBe(Flow.User);
    }

    [Fact]
    public async Task UserInfo_WithoutAGoodToken_IsRefused()
    {
        var tokens = await Flow.TokensAsync();
        var (header, payload) = (
            Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}"""),
            tokens["access_token"].Split('.')[1]
        );
        string[] wrong =
        [
            "x",
            tokens["id_token"],
            tokens["refresh_token"],
            tokens["access_token"][..^4] + "AAAA",
            $"{header}.{payload}.",
            await Flow.Host.TokenAsync("admin", IdentityHost.Secret),
            await Flow.Host.TokenAsync(Flow.ClientId, Flow.Secret),
        ];

        foreach (var token in wrong)
        {
            (await Flow.UserInfoAsync(token)).ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "x");
        using var refused = await Flow.Host.Http.SendAsync(request);
        refused.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
        await Shared.AdvanceAsync(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        (await Flow.UserInfoAsync(tokens["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Introspect_OwnTokens_TellsWhatTheyAre()
    {
        var tokens = await Flow.TokensAsync();

        var access = await Flow.IntrospectAsync(tokens["access_token"]);
        access.GetProperty("active").GetBoolean().ShouldBeTrue();
        access.GetProperty("sub").GetString().ShouldBe(Flow.User);
        access.GetProperty("client_id").GetString().ShouldBe(Flow.ClientId);
        access.GetProperty("scope").GetString().ShouldBe(tokens["scope"]);
        access.GetProperty("iss").GetString().ShouldBe(IdentityHost.Issuer);
        access.GetProperty("token_type").GetString().ShouldBe("Bearer");
        var refresh = await Flow.IntrospectAsync(tokens["refresh_token"]);
        refresh.GetProperty("active").GetBoolean().ShouldBeTrue();
        refresh.GetProperty("sub").GetString().ShouldBe(Flow.User);
        refresh.TryGetProperty("token_type", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Introspect_AnothersOrNone_TellsNothing()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var tokens = await Flow.TokensAsync();
        string[] all =
        [
            tokens["access_token"],
            tokens["refresh_token"],
            tokens["id_token"],
            tokens["access_token"][..^4] + "AAAA",
            "x",
        ];

        foreach (var token in all)
        {
            (await other.IntrospectAsync(token)).GetRawText().ShouldBe("""{"active":false}""");
        }

        (await Flow.IsActiveAsync(tokens["id_token"])).ShouldBeFalse();
        await Shared.AdvanceAsync(TimeSpan.FromMinutes(6));
        (await Flow.IntrospectAsync(tokens["access_token"]))
            .GetRawText()
            .ShouldBe("""{"active":false}""");
    }

    [Fact]
    public async Task Introspect_ByAServiceOfTheSuite_TellsOfAll()
    {
        var tokens = await Flow.TokensAsync();

        var told = await Flow.Host.PostFormAsync(
            "/connect/introspect",
            IdentityHost.Basic("catalog", IdentityHost.Secret),
            ("token", tokens["access_token"])
        );

        told.Body.GetProperty("active").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Introspect_NotProvedOrNothing_IsRefused()
    {
        (
            await Flow.Host.PostFormAsync(
                "/connect/introspect",
                IdentityHost.Basic(Flow.ClientId, "wrong"),
                ("token", "x")
            )
        ).ShouldRefuse("invalid_client", HttpStatusCode.Unauthorized);
        (await Flow.PostAsync("/connect/introspect")).ShouldRefuse("invalid_request");
    }
}
