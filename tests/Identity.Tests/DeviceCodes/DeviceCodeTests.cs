using System.Net;
using ApiSvc.Identity.Tests.Sessions;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ApiSvc.Identity.Tests.DeviceCodes;

/// <summary>RFC 8628.</summary>
public sealed class DeviceCodeTests(SharedIdentity identity) : CodeFlowTests(identity)
{
    [Fact]
    public async Task Device_AllowedByItsUser_GetsTokensOnce()
    {
        var begun = await BeginAsync();
        begun["verification_uri"].ShouldBe($"{IdentityHost.Issuer}/device");
        begun["verification_uri_complete"].ShouldEndWith($"/device?user_code={begun["user_code"]}");
        begun["user_code"].ShouldMatch("^[B-Z]{4}-[B-Z]{4}$");
        begun.Body.GetProperty("interval").GetInt32().ShouldBe(5);
        (await PollAsync(begun)).ShouldRefuse("authorization_pending");

        var question = await EnterAsync(begun["user_code"].ToLowerInvariant().Replace("-", " "));
        question.Text.ShouldContain(begun["user_code"]);
        question.Text.ShouldContain("Shop &lt;b&gt;");
        (await Flow.Browser.SubmitAsync(question, ("decision", "allow"))).Text.ShouldContain(
            "Done"
        );

        var tokens = (await PollAsync(begun)).ShouldBe(HttpStatusCode.OK);
        new JsonWebToken(tokens["id_token"]).Subject.ShouldBe(Flow.User);
        (await Flow.RefreshAsync(tokens["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        (await PollAsync(begun)).ShouldRefuse("invalid_grant");
        (await Flow.IsActiveAsync(tokens["access_token"])).ShouldBeFalse();
    }

    [Fact]
    public async Task Device_Refused_IsTold()
    {
        var begun = await BeginAsync();
        var question = await EnterAsync(begun["user_code"]);

        await Flow.Browser.SubmitAsync(question, ("decision", "refuse"));

        (await PollAsync(begun)).ShouldRefuse("access_denied");
        (await Flow.Browser.SubmitAsync(question, ("decision", "allow"))).ShouldBeAFailure();
    }

    [Fact]
    public async Task Device_AsksTooOften_HasToSlowDown()
    {
        var begun = await BeginAsync();

        (await PollAsync(begun)).ShouldRefuse("authorization_pending");
        (await PollAsync(begun)).ShouldRefuse("slow_down");
        await Shared.AdvanceAsync(TimeSpan.FromSeconds(6));
        (await PollAsync(begun)).ShouldRefuse("slow_down");
        await Shared.AdvanceAsync(TimeSpan.FromSeconds(16));
        (await PollAsync(begun)).ShouldRefuse("authorization_pending");
    }

    [Fact]
    public async Task Device_Expired_IsToldAndItsCodeIsUnknown()
    {
        var begun = await BeginAsync();
        await Shared.AdvanceAsync(TimeSpan.FromMinutes(11));

        (await PollAsync(begun)).ShouldRefuse("expired_token");
        (await EnterAsync(begun["user_code"])).ShouldBeAFailure();
    }

    [Fact]
    public async Task Device_OfAnotherClient_GetsNothing()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var begun = await BeginAsync();

        (
            await other.PostAsync(
                "/connect/token",
                ("grant_type", CodeFlow.DeviceGrant),
                ("device_code", begun["device_code"])
            )
        ).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Begin_NotRegisteredOrForMore_IsRefused()
    {
        var (_, application) = await Shared.NewApplicationAsync();
        var (id, secret) = await Shared.Admin.CreateClientAsync(application);

        (
            await Flow.Host.PostFormAsync(
                "/connect/device-authorization",
                IdentityHost.Basic(id, secret)
            )
        ).ShouldRefuse("unauthorized_client");
        (
            await Flow.PostAsync("/connect/device-authorization", ("scope", "orders.write"))
        ).ShouldRefuse("invalid_scope");
    }

    [Fact]
    public async Task Enter_WrongCodes_IsStoppedAfterAFew()
    {
        var begun = await BeginAsync();
        foreach (var wrong in (string[])["BBBB-BBBB", "short", "AAAA-AAAA", "", "WXYZ-BCDF"])
        {
            var page = await EnterAsync(wrong);
            page.ShouldBeAFailure();
            page.Text.ShouldContain("aria-invalid");
        }

        (await EnterAsync(begun["user_code"])).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        await Shared.AdvanceAsync(TimeSpan.FromMinutes(15));
        begun = await BeginAsync();
        (await EnterAsync(begun["user_code"])).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Page_NobodySignedIn_GoesToSignInAndKeepsTheCode()
    {
        using var nobody = new Browser(Flow.Host, session: null);

        (await nobody.GetAsync("/device?user_code=wdjb-mjht"))
            .Location!.ToString()
            .ShouldBe("/sign-in?return=%2Fdevice%3Fuser_code%3DWDJB-MJHT");
        (await nobody.GetAsync("/device?user_code=%22%3E%3Cscript%3E"))
            .Location!.ToString()
            .ShouldBe("/sign-in?return=%2Fdevice");
    }

    [Fact]
    public async Task Page_FormNotFromHere_IsRefused()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var begun = await BeginAsync();
        var theirs = await EnterAsync(other.Browser, begun["user_code"]);

        (await Flow.Browser.SubmitAsync(theirs, ("decision", "allow"))).ShouldBeAFailure();
        (
            await Flow.Browser.PostAsync("/device", ("user_code", begun["user_code"]))
        ).ShouldBeAFailure();
        (await PollAsync(begun)).ShouldRefuse("authorization_pending");
        theirs.Headers["Content-Security-Policy"].ShouldContain("frame-ancestors 'none'");
    }

    private async Task<Answer> BeginAsync() =>
        (
            await Flow.PostAsync(
                "/connect/device-authorization",
                ("scope", "openid offline_access orders.read")
            )
        ).ShouldBe(HttpStatusCode.OK);

    private Task<Answer> PollAsync(Answer begun) =>
        Flow.PostAsync(
            "/connect/token",
            ("grant_type", CodeFlow.DeviceGrant),
            ("device_code", begun["device_code"])
        );

    private Task<Shown> EnterAsync(string code) => EnterAsync(Flow.Browser, code);

    private static async Task<Shown> EnterAsync(Browser browser, string code) =>
        await browser.SubmitAsync(await browser.GetAsync("/device"), ("user_code", code));
}
