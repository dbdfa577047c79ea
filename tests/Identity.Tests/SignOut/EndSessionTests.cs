using System.Net;
using ApiSvc.Identity.Tests.Sessions;

namespace ApiSvc.Identity.Tests.SignOut;

/// <summary>OpenID Connect RP-Initiated Logout 1.0.</summary>
public sealed class EndSessionTests(SharedIdentity identity) : CodeFlowTests(identity)
{
    private bool IsSignedIn => Flow.Host.SignedIn.IsSignedIn(Flow.Browser.Session!);

    [Fact]
    public async Task End_WithTheSessionsToken_SignsOutAndGoesBack()
    {
        var offline = await Flow.TokensAsync();
        var online = await Flow.TokensAsync(("scope", "openid orders.read"));

        var gone = await GoAsync(
            ("id_token_hint", online["id_token"]),
            ("post_logout_redirect_uri", CodeFlow.PostLogoutUri),
            ("state", "s 1")
        );

        gone.Location!.OriginalString.ShouldBe($"{CodeFlow.PostLogoutUri}?state=s%201");
        IsSignedIn.ShouldBeFalse();
        (await Flow.IsActiveAsync(online["access_token"])).ShouldBeFalse();
        (await Flow.RefreshAsync(offline["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task End_WithAnExpiredToken_SignsOut()
    {
        var hint = (await Flow.TokensAsync())["id_token"];
        await Shared.AdvanceAsync(TimeSpan.FromHours(8));

        (await GoAsync(("id_token_hint", hint))).Status.ShouldBe(HttpStatusCode.OK);

        IsSignedIn.ShouldBeFalse();
    }

    [Fact]
    public async Task End_WithoutOrWithAnothersToken_AsksFirst()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var theirs = (await other.TokensAsync())["id_token"];

        (await GoAsync(("id_token_hint", theirs))).Text.ShouldContain("Sign out?");
        var question = await GoAsync(
            ("client_id", Flow.ClientId),
            ("post_logout_redirect_uri", CodeFlow.PostLogoutUri)
        );
        IsSignedIn.ShouldBeTrue();
        question.Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");

        (await Flow.Browser.SubmitAsync(question))
            .Location!.ToString()
            .ShouldBe(CodeFlow.PostLogoutUri);

        IsSignedIn.ShouldBeFalse();
    }

    [Fact]
    public async Task End_FormNotFromHere_IsRefused()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var theirs = await other.Browser.GetAsync("/connect/end-session");

        (await Flow.Browser.SubmitAsync(theirs)).ShouldBeAFailure();

        IsSignedIn.ShouldBeTrue();
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData(CodeFlow.PostLogoutUri + "/")]
    [InlineData(CodeFlow.PostLogoutUri + "?x")]
    [InlineData(CodeFlow.RedirectUri)]
    public async Task End_WithAnotherAddress_SendsNobodyAnywhere(string address)
    {
        var hint = (await Flow.TokensAsync())["id_token"];

        (
            await GoAsync(("id_token_hint", hint), ("post_logout_redirect_uri", address))
        ).ShouldBeAFailure();
        (
            await GoAsync(("client_id", Flow.ClientId), ("post_logout_redirect_uri", address))
        ).ShouldBeAFailure();
        (await GoAsync(("post_logout_redirect_uri", address))).ShouldBeAFailure();

        IsSignedIn.ShouldBeTrue();
    }

    [Fact]
    public async Task End_WithWhatIsNoIdTokenOrAnotherClients_IsRefused()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var tokens = await Flow.TokensAsync();

        (await GoAsync(("id_token_hint", tokens["access_token"]))).ShouldBeAFailure();
        (await GoAsync(("id_token_hint", tokens["id_token"][..^4] + "AAAA"))).ShouldBeAFailure();
        (
            await GoAsync(("id_token_hint", tokens["id_token"]), ("client_id", other.ClientId))
        ).ShouldBeAFailure();

        IsSignedIn.ShouldBeTrue();
    }

    [Fact]
    public async Task End_NobodySignedIn_GoesBack()
    {
        var hint = (await Flow.TokensAsync())["id_token"];
        using var nobody = new Browser(Flow.Host, session: null);

        var gone = await nobody.PostAsync(
            "/connect/end-session",
            ("id_token_hint", hint),
            ("post_logout_redirect_uri", CodeFlow.PostLogoutUri)
        );

        gone.Location!.ToString().ShouldBe(CodeFlow.PostLogoutUri);
    }

    private Task<Shown> GoAsync(params (string Name, string Value)[] parameters) =>
        Flow.Browser.GetAsync(
            Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(
                "/connect/end-session",
                parameters.ToDictionary(p => p.Name, string? (p) => p.Value)
            )
        );
}
