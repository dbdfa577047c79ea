using System.Net;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.Identity.Tests.SignIn;
using Dapper;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;

namespace ApiSvc.Identity.Tests.Account;

public sealed class AccountTests(SharedPeople people) : IClassFixture<SharedPeople>
{
    private const string NewPassword = "quick dogs sleep under 3 foxes";

    [Fact]
    public async Task Name_Changed_IsShownAndRecorded()
    {
        var user = await people.NewUserAsync();
        using var person = await people.SignInAsync(user);

        var page = await person.SubmitAsync(
            await person.GetAsync("/account"),
            "/account/name",
            ("name", "Ada <Lovelace>")
        );

        page.Text.ShouldContain("Your name was changed.");
        page.Text.ShouldContain("Ada &lt;Lovelace&gt;");
        (await people.Admin.GetAsync($"/v1/users/{user.Id}"))["name"].ShouldBe("Ada <Lovelace>");
        (await people.AuditAsync(user.Id)).Last().Action.ShouldBe("user.update");
    }

    [Fact]
    public async Task Password_Changed_EndsTheOtherSessionsAndTellsTheUser()
    {
        var user = await people.NewUserAsync();
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(user);
        using var other = await people.SignInAsync(user);
        var tokens = await people.TokensAsync(other, client);
        var page = await person.GetAsync("/account/password");

        var wrong = await ChangeAsync(person, page, "not mine", NewPassword);
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        wrong.Text.ShouldContain("Is not your password.");
        (await ChangeAsync(person, page, SharedPeople.Password, "short")).Text.ShouldContain(
            "Must have 12"
        );
        (
            await person.SubmitAsync(
                page,
                "/account/password",
                ("password", SharedPeople.Password),
                ("new-password", NewPassword),
                ("new-password-again", NewPassword + "!")
            )
        ).Text.ShouldContain("not the same");
        var done = await ChangeAsync(person, page, SharedPeople.Password, NewPassword);

        done.Text.ShouldContain("Your password was changed.");
        await other.GetAsync("/account");
        other.At.ShouldStartWith("/sign-in");
        (await people.IntrospectAsync(client, tokens["access_token"]))
            .GetProperty("active")
            .GetBoolean()
            .ShouldBeFalse();
        (await other.SignInAsync(user.Login, SharedPeople.Password)).Status.ShouldBe(
            HttpStatusCode.BadRequest
        );
        (await other.SignInAsync(user.Login, NewPassword)).Text.ShouldContain("Your account");
        await people.Mail.TakeAsync(user.Email, "Your password was changed");
        (await people.AuditAsync(user.Id)).Select(a => a.Action).ShouldContain("password.change");
    }

    [Fact]
    public async Task Password_LongAfterSigningIn_AsksToSignInAgain()
    {
        var user = await people.NewUserAsync();
        using var person = await people.SignInAsync(user);
        var page = await person.GetAsync("/account/password");
        await people.AdvanceAsync(TimeSpan.FromMinutes(11));

        await ChangeAsync(person, page, SharedPeople.Password, NewPassword);
        person.At.ShouldBe("/sign-in?return=%2Faccount");
        foreach (var path in (string[])["password", "email", "second-factor", "logins"])
        {
            await person.GetAsync($"/account/{path}");
            person.At.ShouldBe($"/sign-in?return=%2Faccount%2F{path}");
        }
    }

    [Fact]
    public async Task Email_ChangedByLink_IsNewOnceItIsOpened()
    {
        var user = await people.NewUserAsync();
        var address = $"new-{Guid.NewGuid():n}@example.org";
        using var person = await people.SignInAsync(user);

        var sent = await person.SubmitAsync(
            await person.GetAsync("/account/email"),
            "/account/email",
            ("email", address)
        );
        sent.Text.ShouldContain("We sent a link");
        var link = await people.Mail.TakeLinkAsync(address, "Confirm");
        (await EmailAsync(user)).ShouldBe(user.Email);

        // In whichever browser; programs that only look change nothing.
        using var elsewhere = people.NewPerson();
        await elsewhere.GetAsync(link);
        var opened = await elsewhere.GetAsync(link);
        (await EmailAsync(user)).ShouldBe(user.Email);
        var done = await elsewhere.SubmitAsync(opened, "/account/email/confirm");
        done.Text.ShouldContain("was changed");
        (await EmailAsync(user)).ShouldBe(address);
        (await people.Mail.TakeAsync(user.Email, "Your e-mail address was changed")).ShouldContain(
            user.Login
        );
        (await elsewhere.SubmitAsync(opened, "/account/email/confirm")).ShouldBeAFailure();
        (await elsewhere.GetAsync(link)).ShouldBeAFailure();
        var actions = (await people.AuditAsync(user.Id)).Select(a => a.Action).ToList();
        actions.ShouldContain("email-change.request");
        actions.ShouldContain("email.change");
    }

    [Fact]
    public async Task Email_LinkOfBeforeTheNewest_IsGoodNoLonger()
    {
        var user = await people.NewUserAsync();
        var address = $"new-{Guid.NewGuid():n}@example.org";
        using var person = await people.SignInAsync(user);
        var page = await person.GetAsync("/account/email");
        await person.SubmitAsync(page, "/account/email", ("email", address));
        var first = await people.Mail.TakeLinkAsync(address, "Confirm");
        await person.SubmitAsync(page, "/account/email", ("email", address));
        var second = await people.Mail.TakeLinkAsync(address, "Confirm");

        (await person.GetAsync(first)).ShouldBeAFailure();
        (await person.GetAsync(second)).Status.ShouldBe(HttpStatusCode.OK);
        await people.AdvanceAsync(TimeSpan.FromHours(3));
        (await person.GetAsync(second)).ShouldBeAFailure();
    }

    [Fact]
    public async Task Sessions_AreListedAndEachCanBeEnded()
    {
        var user = await people.NewUserAsync();
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(user);
        using var other = await people.SignInAsync(user);
        var tokens = await people.TokensAsync(other, client);

        var page = await person.GetAsync("/account");
        page.Text.ShouldContain("Firefox on Linux");
        page.Text.ShouldContain("127.0.0.1");
        page.Text.ShouldContain("This browser");
        var done = await person.SubmitAsync(page, "/account/sessions/end");

        done.Text.ShouldContain("The session was ended.");
        await other.GetAsync("/account");
        other.At.ShouldStartWith("/sign-in");
        (await people.IntrospectAsync(client, tokens["access_token"]))
            .GetProperty("active")
            .GetBoolean()
            .ShouldBeFalse();
        await person.GetAsync("/account");
        person.At.ShouldBe("/account");
    }

    [Fact]
    public async Task Session_OfAnotherUser_CannotBeEnded()
    {
        var (user, victim) = (await people.NewUserAsync(), await people.NewUserAsync());
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(user);
        using var another = await people.SignInAsync(user);
        using var other = await people.SignInAsync(victim);
        var sid = new JsonWebToken(
            (await people.TokensAsync(other, client))["id_token"]
        ).GetPayloadValue<string>("sid");

        await person.SubmitAsync(
            await person.GetAsync("/account"),
            "/account/sessions/end",
            ("session", sid)
        );

        await other.GetAsync("/account");
        other.At.ShouldBe("/account");
    }

    [Fact]
    public async Task SignOutEverywhere_TellsTheGateways()
    {
        var user = await people.NewUserAsync();
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(user);
        using var other = await people.SignInAsync(user);
        var tokens = await people.TokensAsync(other, client);
        var id = new JsonWebToken(tokens["access_token"]).Id;

        var done = await person.SubmitAsync(
            await person.GetAsync("/account"),
            "/account/sessions/end-all"
        );

        done.Text.ShouldContain("signed out everywhere");
        (person.HasSession, other.HasSession).ShouldBe((false, true));
        await other.GetAsync("/account");
        other.At.ShouldStartWith("/sign-in");
        await using var db = new NpgsqlConnection(people.Host.ConnectionString);
        (
            await db.ExecuteScalarAsync<bool>(
                "select exists (select from revoked_tokens where token_id = @id)",
                new { id }
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task Client_AccessWithdrawn_HasNoneAndAsksAgain()
    {
        var user = await people.NewUserAsync();
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(user);
        var tokens = await people.TokensAsync(person, client, "openid offline_access orders.read");
        var page = await person.GetAsync("/account");
        page.Text.ShouldContain("Shop &lt;b&gt;");

        var done = await person.SubmitAsync(page, "/account/clients/withdraw");

        done.Text.ShouldContain("No application may use your account.");
        (await people.IntrospectAsync(client, tokens["access_token"]))
            .GetProperty("active")
            .GetBoolean()
            .ShouldBeFalse();
        (
            await people.Host.PostFormAsync(
                "/connect/token",
                IdentityHost.Basic(client.Id, client.Secret),
                ("grant_type", "refresh_token"),
                ("refresh_token", tokens["refresh_token"])
            )
        ).ShouldRefuse("invalid_grant");
        (await person.GetAsync(client.Address())).Text.ShouldContain("Allow Shop");
        (await people.AuditAsync(client.Id))
            .Select(a => a.Action)
            .ShouldContain("consent.withdraw");
    }

    [Fact]
    public async Task Forms_OfAnotherSession_AreRefused()
    {
        var (user, other) = (await people.NewUserAsync(), await people.NewUserAsync());
        using var person = await people.SignInAsync(user);
        using var attacker = await people.SignInAsync(other);
        var page = await attacker.GetAsync("/account");

        (await person.SubmitAsync(page, "/account/name", ("name", "X"))).ShouldBeAFailure();
        (await person.SubmitAsync(page, "/account/sessions/end-all")).ShouldBeAFailure();
        person.HasSession.ShouldBeTrue();
    }

    private static Task<Shown> ChangeAsync(
        Person person,
        Shown page,
        string old,
        string password
    ) =>
        person.SubmitAsync(
            page,
            "/account/password",
            ("password", old),
            ("new-password", password),
            ("new-password-again", password)
        );

    private async Task<string> EmailAsync(TestUser user) =>
        (await people.Admin.GetAsync($"/v1/users/{user.Id}"))["email"];
}
