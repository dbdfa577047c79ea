using System.Net;
using ApiSvc.Identity.Tests.Sessions;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ApiSvc.Identity.Tests.SignIn;

public sealed class SignInTests(SharedPeople people) : IClassFixture<SharedPeople>
{
    private const string Wrong = "The login or the password is wrong.";

    [Fact]
    public async Task SignIn_AtAClient_GoesOnToItWithTheSession()
    {
        var user = await people.NewUserAsync();
        var client = await people.NewClientAsync();
        using var person = people.NewPerson();

        var page = await person.GetAsync(client.Address());
        person.At.ShouldStartWith("/sign-in?return=");
        page.Headers["Content-Security-Policy"]
            .ShouldContain("form-action 'self' https://shop.example;");
        var consent = await person.SubmitAsync(
            page,
            "/sign-in",
            ("login", user.Email.ToUpperInvariant()),
            ("password", SharedPeople.Password)
        );
        consent.Text.ShouldContain("Shop &lt;b&gt;");

        var tokens = await people.TokensAsync(person, client);
        var idToken = new JsonWebToken(tokens["id_token"]);
        idToken.Subject.ShouldBe(user.Id);
        idToken.GetPayloadValue<string[]>("amr").ShouldBe(["pwd"]);
        var sid = idToken.GetPayloadValue<string>("sid");
        (await people.AuditAsync(sid))
            .ShouldHaveSingleItem()
            .ShouldBe(
                ("session.start", "succeeded", $$"""{"user":"{{user.Id}}","methods":["pwd"]}""")
            );
    }

    [Fact]
    public async Task SignIn_UnknownUserOrWrongPassword_IsAnsweredTheSame()
    {
        var user = await people.NewUserAsync();
        using var one = people.NewPerson();
        using var other = people.NewPerson();

        var wrong = await one.SignInAsync(user.Login, "not the password");
        var unknown = await other.SignInAsync("nobody-" + user.Login[^20..], "not the password");

        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        wrong.Text.ShouldContain(Wrong);
        unknown.Status.ShouldBe(wrong.Status);
        Neutral(unknown.Text).ShouldBe(Neutral(wrong.Text));
        (one.HasSession, other.HasSession).ShouldBe((false, false));
        (await people.AuditAsync(user.Id))
            .Last()
            .ShouldBe(("session.refuse", "failed", """{"reason":"wrong-password"}"""));
        var log = string.Join('\n', people.Host.Logs.All);
        log.ShouldNotContain("not the password");

        string Neutral(string text) =>
            System.Text.RegularExpressions.Regex.Replace(text, "value=\"[^\"]*\"", "");
    }

    [Fact]
    public async Task SignIn_FormOfAnotherBrowser_IsRefused()
    {
        var user = await people.NewUserAsync();
        using var attacker = people.NewPerson();
        using var victim = people.NewPerson();
        await victim.GetAsync("/sign-in");
        var page = await attacker.GetAsync("/sign-in");

        var answer = await victim.SubmitAsync(
            page,
            "/sign-in",
            ("login", user.Login),
            ("password", SharedPeople.Password)
        );

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Text.ShouldContain("open for too long");
        victim.HasSession.ShouldBeFalse();
    }

    [Fact]
    public async Task SignIn_Again_GivesANewSecretAndKeepsTheSession()
    {
        var user = await people.NewUserAsync();
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(user);
        var before = person.Cookies["__Host-session"];
        var sid = Sid(await people.TokensAsync(person, client));

        await person.SignInAsync(user.Login, SharedPeople.Password);

        person.Cookies["__Host-session"].ShouldNotBe(before);
        Sid(await people.TokensAsync(person, client)).ShouldBe(sid);
        using var thief = people.NewPerson();
        thief.Cookies["__Host-session"] = before;
        await thief.GetAsync("/account");
        thief.At.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task SignIn_AsSomebodyElse_EndsTheSessionBefore()
    {
        var (one, other) = (await people.NewUserAsync(), await people.NewUserAsync());
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(one);
        var tokens = await people.TokensAsync(person, client);

        await person.SignInAsync(other.Login, SharedPeople.Password);

        (await person.GetAsync("/account")).Text.ShouldContain(other.Login);
        (await people.IntrospectAsync(client, tokens["access_token"]))
            .GetProperty("active")
            .GetBoolean()
            .ShouldBeFalse();
        (await people.AuditAsync(Sid(tokens))).Select(a => a.Action).ShouldContain("session.end");
    }

    [Fact]
    public async Task Session_NotUsedOrOld_HasEnded()
    {
        var user = await people.NewUserAsync();
        using var idle = await people.SignInAsync(user);
        await people.AdvanceAsync(TimeSpan.FromHours(13));
        await idle.GetAsync("/account");
        idle.At.ShouldStartWith("/sign-in");

        using var busy = await people.SignInAsync(user);
        for (var hours = 0; hours < 7 * 24; hours += 11)
        {
            await busy.GetAsync("/account");
            busy.At.ShouldBe("/account");
            await people.AdvanceAsync(TimeSpan.FromHours(11));
        }

        await busy.GetAsync("/account");
        busy.At.ShouldStartWith("/sign-in");
    }

    [Fact]
    public async Task SignOut_AtAClient_EndsTheSession()
    {
        var user = await people.NewUserAsync();
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(user);
        var tokens = await people.TokensAsync(person, client);

        await person.GetAsync($"/connect/end-session?id_token_hint={tokens["id_token"]}");

        person.HasSession.ShouldBeFalse();
        (await people.IntrospectAsync(client, tokens["access_token"]))
            .GetProperty("active")
            .GetBoolean()
            .ShouldBeFalse();
    }

    [Fact]
    public async Task User_Disabled_IsOutAtOnceAndCannotComeIn()
    {
        var user = await people.NewUserAsync();
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(user);
        var tokens = await people.TokensAsync(person, client, "openid offline_access orders.read");

        var disabled = await people.Admin.PostAsync($"/v1/users/{user.Id}/disable");

        disabled
            .ShouldBe(HttpStatusCode.OK)
            .Body.GetProperty("disabledAt")
            .GetString()
            .ShouldNotBeNull();
        await person.GetAsync("/account");
        person.At.ShouldStartWith("/sign-in");
        (await people.IntrospectAsync(client, tokens["access_token"]))
            .GetProperty("active")
            .GetBoolean()
            .ShouldBeFalse();
        (await person.SignInAsync(user.Login, SharedPeople.Password)).Text.ShouldContain(
            "disabled"
        );
        (await people.AuditAsync(user.Id)).Select(a => a.Action).ShouldContain("user.disable");

        (await people.Admin.PostAsync($"/v1/users/{user.Id}/enable")).ShouldBe(HttpStatusCode.OK);
        (await people.AuditAsync(user.Id)).Select(a => a.Action).ShouldContain("user.enable");
        (await person.SignInAsync(user.Login, SharedPeople.Password)).Text.ShouldContain(
            "Your account"
        );
    }

    private static string Sid(Answer tokens) =>
        new JsonWebToken(tokens["id_token"]).GetPayloadValue<string>("sid");
}
