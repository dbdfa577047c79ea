using System.Net;
using ApiSvc.Identity.Tests.Sessions;

namespace ApiSvc.Identity.Tests.Authorization;

/// <summary>RFC 6749 section 4.1.1, RFC 7636, RFC 9207, RFC 9700, OpenID Connect Core 1.0 section 3.1.2.</summary>
public sealed class AuthorizeTests(SharedIdentity identity) : CodeFlowTests(identity)
{
    [Fact]
    public async Task Authorize_Agreed_BringsCodeStateAndIssuer()
    {
        var page = await Flow.AuthorizeAsync();
        page.Status.ShouldBe(HttpStatusCode.OK);

        var answer = await Flow.Browser.SubmitAsync(page, ("decision", "allow"));

        answer.Status.ShouldBe(HttpStatusCode.SeeOther, answer.Text);
        answer.Location!.ToString().ShouldStartWith($"{CodeFlow.RedirectUri}?");
        answer.Answer.Keys.ShouldBe(["code", "iss", "state"], ignoreOrder: true);
        answer.Answer["state"].ShouldBe(CodeFlow.State);
        answer.Answer["iss"].ShouldBe(IdentityHost.Issuer);
        answer.Headers["Cache-Control"].ShouldBe("no-store");
        answer.Headers["Referrer-Policy"].ShouldBe("no-referrer");
    }

    [Fact]
    public async Task Authorize_ByForm_IsAsByQuery()
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(
            Flow.Address().Split('?')[1]
        );

        var page = await Flow.Browser.PostAsync(
            "/connect/authorize",
            [.. query.Select(q => (q.Key, q.Value.ToString()))]
        );

        (await Flow.Browser.SubmitAsync(page, ("decision", "allow"))).Answer.ShouldContainKey(
            "code"
        );
    }

    [Fact]
    public async Task Authorize_AgreedBefore_IsNotAskedAgainUntilItIsMore()
    {
        await Flow.CodeAsync(("scope", "openid"));

        (await Flow.AuthorizeAsync(("scope", "openid"))).Answer.ShouldContainKey("code");
        (await Flow.AuthorizeAsync(("scope", "openid email"))).Status.ShouldBe(HttpStatusCode.OK);
        (await Flow.AuthorizeAsync(("scope", "openid"), ("prompt", "consent"))).Status.ShouldBe(
            HttpStatusCode.OK
        );
    }

    [Fact]
    public async Task Authorize_Refused_TellsTheClient()
    {
        var page = await Flow.AuthorizeAsync();

        (await Flow.Browser.SubmitAsync(page, ("decision", "refuse"))).ShouldTellTheClient(
            "access_denied"
        );
        (await Flow.AuthorizeAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Authorize_AddressWithAQuery_KeepsIt()
    {
        var page = await Flow.AuthorizeAsync(("redirect_uri", $"{CodeFlow.RedirectUri}?shop=1"));

        var answer = await Flow.Browser.SubmitAsync(page, ("decision", "allow"));

        answer.Answer["shop"].ShouldBe("1");
        answer.Answer.ShouldContainKey("code");
    }

    [Theory]
    [InlineData("https://shop.example/callbac")]
    [InlineData("https://shop.example/callback/")]
    [InlineData("https://shop.example/Callback")]
    [InlineData("https://shop.example/callback#")]
    [InlineData("https://shop.example/callback?shop=2")]
    [InlineData("https://shop.example/x/../callback")]
    [InlineData("https://shop.example:443/callback")]
    [InlineData("https://SHOP.example/callback")]
    [InlineData("http://shop.example/callback")]
    [InlineData("https://evil.example/callback")]
    [InlineData("https://shop.example@evil.example/callback")]
    [InlineData("//evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Authorize_AnotherAddress_SendsNobodyAnywhere(string? address)
    {
        // Neither with a right request nor with one that fails otherwise.
        (await Flow.AuthorizeAsync(("redirect_uri", address))).ShouldBeAFailure();
        (
            await Flow.AuthorizeAsync(("redirect_uri", address), ("response_type", "token"))
        ).ShouldBeAFailure();
        (
            await Flow.AuthorizeAsync(("redirect_uri", address), ("prompt", "none"))
        ).ShouldBeAFailure();
    }

    [Theory]
    [InlineData("client_01jd3m4k5c6e7f8g9h0j1k2m3n")]
    [InlineData("nobody")]
    [InlineData("catalog")]
    [InlineData(null)]
    public async Task Authorize_UnknownClient_SendsNobodyAnywhere(string? client) =>
        (await Flow.AuthorizeAsync(("client_id", client))).ShouldBeAFailure();

    [Fact]
    public async Task Authorize_RepeatedAddress_SendsNobodyAnywhere() =>
        (
            await Flow.Browser.GetAsync(
                $"{Flow.Address()}&redirect_uri={Uri.EscapeDataString("https://evil.example")}"
            )
        ).ShouldBeAFailure();

    [Fact]
    public async Task Authorize_RevokedClient_SendsNobodyAnywhere()
    {
        await Shared.Admin.PostAsync($"/v1/oauth-clients/{Flow.ClientId}/revoke");

        (await Flow.AuthorizeAsync()).ShouldBeAFailure();
    }

    [Theory]
    [InlineData("invalid_request", "response_type", null)]
    [InlineData("unsupported_response_type", "response_type", "token")]
    [InlineData("unsupported_response_type", "response_type", "code id_token")]
    [InlineData("invalid_request", "response_mode", "fragment")]
    [InlineData("invalid_request", "code_challenge", null)]
    [InlineData("invalid_request", "code_challenge", CodeFlow.Verifier)]
    [InlineData("invalid_request", "code_challenge_method", "plain")]
    [InlineData("invalid_request", "code_challenge_method", null)]
    [InlineData("invalid_request", "code_challenge_method", "s256")]
    [InlineData("invalid_scope", "scope", "openid orders.write")]
    [InlineData("invalid_request", "prompt", "none login")]
    [InlineData("invalid_request", "prompt", "create")]
    [InlineData("invalid_request", "max_age", "-1")]
    [InlineData("request_not_supported", "request", "eyJhbGciOiJub25lIn0..")]
    [InlineData("request_uri_not_supported", "request_uri", "https://shop.example/r")]
    [InlineData("registration_not_supported", "registration", "{}")]
    public async Task Authorize_WrongRequest_TellsTheClient(
        string error,
        string name,
        string? value
    ) => (await Flow.AuthorizeAsync((name, value))).ShouldTellTheClient(error);

    [Fact]
    public async Task Authorize_RepeatedParameter_TellsTheClient() =>
        (await Flow.Browser.GetAsync($"{Flow.Address()}&nonce=2")).ShouldTellTheClient(
            "invalid_request"
        );

    [Fact]
    public async Task Authorize_NobodySignedIn_GoesToSignInAndComesBackToTheSame()
    {
        using var browser = new Browser(Flow.Host, session: null);

        var sent = await Flow.AuthorizeAsync(browser);

        sent.Status.ShouldBe(HttpStatusCode.SeeOther);
        sent.Location!.ToString().ShouldStartWith("/sign-in?return=%2Fconnect%2Fauthorize%3F");
        var back = Uri.UnescapeDataString(sent.Location.ToString().Split("return=")[1]);
        var page = await Flow.Browser.GetAsync(back);
        (await Flow.Browser.SubmitAsync(page, ("decision", "allow")))
            .Answer["state"]
            .ShouldBe(CodeFlow.State);
    }

    [Fact]
    public async Task Authorize_Silently_AsksNobodyAnything()
    {
        using var nobody = new Browser(Flow.Host, session: null);

        (await Flow.AuthorizeAsync(nobody, ("prompt", "none"))).ShouldTellTheClient(
            "login_required"
        );
        (await Flow.AuthorizeAsync(("prompt", "none"))).ShouldTellTheClient("consent_required");
        await Flow.CodeAsync();
        (await Flow.AuthorizeAsync(("prompt", "none"))).Answer.ShouldContainKey("code");
        await Shared.AdvanceAsync(TimeSpan.FromSeconds(11));
        (await Flow.AuthorizeAsync(("prompt", "none"), ("max_age", "10"))).ShouldTellTheClient(
            "login_required"
        );
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("prompt", "select_account")]
    [InlineData("max_age", "0")]
    public async Task Authorize_ToSignInAgain_IsAskedOnce(string name, string value)
    {
        await Flow.CodeAsync();
        await Shared.AdvanceAsync(TimeSpan.FromSeconds(2));

        var sent = await Flow.AuthorizeAsync((name, value));

        var back = Uri.UnescapeDataString(sent.Location!.ToString().Split("return=")[1]);
        (await Flow.Browser.GetAsync(back)).Location!.ToString().ShouldStartWith("/sign-in");
        await Shared.AdvanceAsync(TimeSpan.FromSeconds(2));
        Flow.Host.SignedIn.SignInAgain(Flow.Browser.Session!);
        (await Flow.Browser.GetAsync(back)).Answer.ShouldContainKey("code");
        await Shared.AdvanceAsync(TimeSpan.FromMinutes(16));
        (await Flow.Browser.GetAsync(back)).Location!.ToString().ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task Authorize_HintOfAnother_GoesToSignIn()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var hint = (await other.TokensAsync())["id_token"];
        var own = (await Flow.TokensAsync())["id_token"];

        (
            await Flow.AuthorizeAsync(("prompt", "none"), ("id_token_hint", hint))
        ).ShouldTellTheClient("login_required");
        (await Flow.AuthorizeAsync(("id_token_hint", own))).Answer.ShouldContainKey("code");
    }

    [Fact]
    public async Task ConsentPage_Always_IsInNoFrameRunsNoScriptAndIsKeptNowhere()
    {
        var page = await Flow.AuthorizeAsync();

        var policy = page.Headers["Content-Security-Policy"];
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("base-uri 'none'");
        policy.ShouldContain("form-action 'self' https://shop.example;");
        policy.ShouldNotContain("unsafe");
        page.Headers["X-Frame-Options"].ShouldBe("DENY");
        page.Headers["Cache-Control"].ShouldBe("no-store");
        page.Text.ShouldContain("Shop &lt;b&gt;");
        page.Text.ShouldNotContain("<b>");
        page.Text.ShouldContain("<html lang=\"en\">");
        page.Text.ShouldNotContain("<script");
    }

    [Fact]
    public async Task Failure_Always_IsInNoFrame()
    {
        var page = await Flow.AuthorizeAsync(("client_id", "nobody"));

        page.Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");
        page.Headers["X-Frame-Options"].ShouldBe("DENY");
    }

    [Fact]
    public async Task Consent_FormOfAnotherSession_IsRefused()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var theirs = await other.AuthorizeAsync();

        (await Flow.Browser.SubmitAsync(theirs, ("decision", "allow"))).ShouldBeAFailure();
    }

    [Fact]
    public async Task Consent_MadeUpOrOldForm_IsRefused()
    {
        var page = await Flow.AuthorizeAsync();
        var field = page.HiddenField;
        var changed = field[..^2] + (field[^2] == 'A' ? "BA" : "AA");

        foreach (var made in (string[])["", "AAAA", changed])
        {
            (
                await Flow.Browser.PostAsync(
                    "/connect/consent",
                    ("form", made),
                    ("decision", "allow")
                )
            ).ShouldBeAFailure();
        }

        await Shared.AdvanceAsync(TimeSpan.FromMinutes(16));
        (await Flow.Browser.SubmitAsync(page, ("decision", "allow"))).ShouldBeAFailure();
    }

    [Fact]
    public async Task Loopback_PublicClient_MayChooseThePortAndIsAskedEachTime()
    {
        var (_, application) = await Shared.NewApplicationAsync();
        var made = await Shared.Admin.PostAsync(
            $"/v1/applications/{application}/oauth-clients",
            new
            {
                environment = "sandbox",
                name = "cli",
                authentication = "none",
                grantTypes = new[] { "authorization_code" },
                redirectUris = new[] { "http://127.0.0.1/callback", "http://[::1]/callback" },
            }
        );
        made.ShouldBe(HttpStatusCode.Created)
            .Body.GetProperty("clientSecret")
            .ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var client = made.Body.GetProperty("client").GetProperty("clientId").GetString()!;

        async Task<Shown> AskAsync(string address) =>
            await Flow.AuthorizeAsync(
                ("client_id", client),
                ("redirect_uri", address),
                ("scope", "openid")
            );

        for (var i = 0; i < 2; i++)
        {
            var page = await AskAsync("http://127.0.0.1:51004/callback");
            var answer = await Flow.Browser.SubmitAsync(page, ("decision", "allow"));
            answer.Location!.Port.ShouldBe(51004);
            var tokens = await Flow.Host.PostFormAsync(
                "/connect/token",
                null,
                ("grant_type", "authorization_code"),
                ("client_id", client),
                ("code", answer.Answer["code"]),
                ("redirect_uri", "http://127.0.0.1:51004/callback"),
                ("code_verifier", CodeFlow.Verifier)
            );
            tokens.ShouldBe(HttpStatusCode.OK);
        }

        (await AskAsync("http://[::1]:1/callback")).Status.ShouldBe(HttpStatusCode.OK);
        foreach (
            var wrong in (string[])
                [
                    "http://127.0.0.1:51004/callback/",
                    "http://127.0.0.2:51004/callback",
                    "http://localhost:51004/callback",
                    "https://127.0.0.1:51004/callback",
                    "http://127.0.0.1:51004/x/../callback",
                    "http://127.0.0.1:51004@evil.example/callback",
                ]
        )
        {
            (await AskAsync(wrong)).ShouldBeAFailure();
        }
    }
}
