using System.Net;
using System.Net.Http.Headers;
using ApiSvc.Identity.Tests.Sessions;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tests.UserInfo;

/// <summary>Userinfo (OpenID Connect Core 1.0 section 5.3) and introspection (RFC 7662).</summary>
public sealed class UserInfoTests(SharedIdentity identity)
    : IClassFixture<SharedIdentity>,
        IAsyncLifetime
{
    private CodeFlow _flow = null!;

    public async ValueTask InitializeAsync() => _flow = await CodeFlow.StartAsync(identity);

    public ValueTask DisposeAsync()
    {
        _flow.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("openid", "sub")]
    [InlineData("openid profile", "sub name preferred_username")]
    [InlineData("openid email", "sub email")]
    public async Task UserInfo_ByScope_TellsThatAlone(string scope, string claims)
    {
        var token = (await _flow.TokensAsync(("scope", scope)))["access_token"];

        var told = (await _flow.UserInfoAsync(token)).ShouldBe(HttpStatusCode.OK);

        told.Body.EnumerateObject()
            .Select(c => c.Name)
            .ShouldBe(claims.Split(' '), ignoreOrder: true);
        told["sub"].ShouldBe(_flow.User);
    }

    [Fact]
    public async Task UserInfo_WithoutAGoodToken_IsRefused()
    {
        var tokens = await _flow.TokensAsync();
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
            await _flow.Host.TokenAsync("admin", IdentityHost.Secret),
            await _flow.Host.TokenAsync(_flow.ClientId, _flow.Secret),
        ];

        foreach (var token in wrong)
        {
            (await _flow.UserInfoAsync(token)).ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "x");
        using var refused = await _flow.Host.Http.SendAsync(request);
        refused.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
        await identity.AdvanceAsync(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        (await _flow.UserInfoAsync(tokens["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Introspect_OwnTokens_TellsWhatTheyAre()
    {
        var tokens = await _flow.TokensAsync();

        var access = await _flow.IntrospectAsync(tokens["access_token"]);
        access.GetProperty("active").GetBoolean().ShouldBeTrue();
        access.GetProperty("sub").GetString().ShouldBe(_flow.User);
        access.GetProperty("client_id").GetString().ShouldBe(_flow.ClientId);
        access.GetProperty("scope").GetString().ShouldBe(tokens["scope"]);
        access.GetProperty("iss").GetString().ShouldBe(IdentityHost.Issuer);
        access.GetProperty("token_type").GetString().ShouldBe("Bearer");
        var refresh = await _flow.IntrospectAsync(tokens["refresh_token"]);
        refresh.GetProperty("active").GetBoolean().ShouldBeTrue();
        refresh.GetProperty("sub").GetString().ShouldBe(_flow.User);
        refresh.TryGetProperty("token_type", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Introspect_AnothersOrNone_TellsNothing()
    {
        using var other = await CodeFlow.StartAsync(identity);
        var tokens = await _flow.TokensAsync();
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

        (await _flow.IsActiveAsync(tokens["id_token"])).ShouldBeFalse();
        await identity.AdvanceAsync(TimeSpan.FromMinutes(6));
        (await _flow.IntrospectAsync(tokens["access_token"]))
            .GetRawText()
            .ShouldBe("""{"active":false}""");
    }

    [Fact]
    public async Task Introspect_ByAServiceOfTheSuite_TellsOfAll()
    {
        var tokens = await _flow.TokensAsync();

        var told = await _flow.Host.PostFormAsync(
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
            await _flow.Host.PostFormAsync(
                "/connect/introspect",
                IdentityHost.Basic(_flow.ClientId, "wrong"),
                ("token", "x")
            )
        ).ShouldRefuse("invalid_client", HttpStatusCode.Unauthorized);
        (await _flow.PostAsync("/connect/introspect")).ShouldRefuse("invalid_request");
    }
}
