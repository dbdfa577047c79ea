using System.Net;
using ApiSvc.Identity.SecondFactor;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.Identity.Tests.SignIn;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Tests.PasswordReset;

public sealed class PasswordResetTests(SharedPeople people) : IClassFixture<SharedPeople>
{
    private const string NewPassword = "quick dogs sleep under 3 foxes";

    [Fact]
    public async Task Reset_ByLink_SetsThePasswordAndEndsAllSessions()
    {
        var user = await people.NewUserAsync();
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(user);
        var tokens = await people.TokensAsync(person, client, "openid offline_access orders.read");
        var (seed, _) = await people.TurnOnSecondFactorAsync(person);
        people.Host.Time.Advance(TimeSpan.FromSeconds(Totp.StepSeconds));
        using var elsewhere = people.NewPerson();

        await AskAsync(elsewhere, user.Email.ToUpperInvariant());
        var page = await elsewhere.GetAsync(await LinkAsync(user));
        (await SetAsync(elsewhere, page, "passwordpassword")).Text.ShouldContain("guessed first");
        (await SetAsync(elsewhere, page, NewPassword)).Text.ShouldContain("Your password is set");

        elsewhere.HasSession.ShouldBeFalse();
        await person.GetAsync("/account");
        person.At.ShouldStartWith("/sign-in");
        (await people.IntrospectAsync(client, tokens["access_token"]))
            .GetProperty("active")
            .GetBoolean()
            .ShouldBeFalse();
        (await elsewhere.SignInAsync(user.Login, SharedPeople.Password)).Status.ShouldBe(
            HttpStatusCode.BadRequest
        );
        // The second factor is still asked for.
        var question = await elsewhere.SignInAsync(user.Login, NewPassword);
        question.Text.ShouldContain("Enter your code");
        await elsewhere.SubmitAsync(
            question,
            "/sign-in/code",
            ("code", SecondFactorText.CodeAt(seed, people.Host.Time.GetUtcNow()))
        );
        elsewhere.HasSession.ShouldBeTrue();
        (await SetAsync(elsewhere, page, NewPassword + "!")).ShouldBeAFailure();
        await people.Mail.TakeAsync(user.Email, "Your password was set anew");
        var actions = (await people.AuditAsync(user.Id)).Select(a => a.Action).ToList();
        actions.ShouldContain("password-reset.request");
        actions.ShouldContain("password.reset");
    }

    [Fact]
    public async Task Link_UsedTwiceAtOnce_IsUsedOnce()
    {
        var user = await people.NewUserAsync();
        using var person = people.NewPerson();
        await AskAsync(person, user.Email);
        var page = await person.GetAsync(await LinkAsync(user));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => SetAsync(person, page, $"{NewPassword} {i}"))
        );

        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task Link_OldOrReplacedOrOfAnotherPurpose_IsGoodNoLonger()
    {
        var user = await people.NewUserAsync();
        using var person = people.NewPerson();
        await AskAsync(person, user.Email);
        var first = await LinkAsync(user);
        await AskAsync(person, user.Email);
        var second = await LinkAsync(user);

        (await person.GetAsync(first)).ShouldBeAFailure();
        (
            await person.GetAsync(second.Replace("/password/reset", "/invitation"))
        ).ShouldBeAFailure();
        (await person.GetAsync("/password/reset?link=made-up")).ShouldBeAFailure();
        (await person.GetAsync("/password/reset")).ShouldBeAFailure();
        (await person.GetAsync(second)).Status.ShouldBe(HttpStatusCode.OK);
        await people.AdvanceAsync(TimeSpan.FromMinutes(31));
        (await person.GetAsync(second)).ShouldBeAFailure();
    }

    [Fact]
    public async Task Ask_UnknownAddress_IsAnsweredTheSameAndSendsNothing()
    {
        var user = await people.NewUserAsync();
        var unknown = $"{user.Login.Replace('u', 'v')}@example.org";
        using var person = people.NewPerson();

        var other = await AskAsync(person, unknown);
        var known = await AskAsync(person, user.Email);

        known.Status.ShouldBe(HttpStatusCode.OK);
        known.Text.Replace(user.Email, "").ShouldBe(other.Text.Replace(unknown, ""));
        // They are sent in their order.
        await LinkAsync(user);
        people.Mail.Find(unknown, "").ShouldBeEmpty();
    }

    [Fact]
    public async Task Ask_OverAndOver_HasToWait()
    {
        var user = await people.NewUserAsync();
        using var person = people.NewPerson();
        for (var i = 0; i < 3; i++)
        {
            (await AskAsync(person, user.Email)).Status.ShouldBe(HttpStatusCode.OK);
        }

        (await AskAsync(person, user.Email)).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Link_AtRest_IsAHash()
    {
        var user = await people.NewUserAsync();
        using var person = people.NewPerson();
        await AskAsync(person, user.Email);
        var secret = (await LinkAsync(user)).Split('=')[1];

        await using var db = new NpgsqlConnection(people.Host.ConnectionString);
        (
            await db.ExecuteScalarAsync<int>(
                "select count(*) from links l where l::text like '%' || @secret || '%'",
                new { secret }
            )
        ).ShouldBe(0);
        string.Join('\n', people.Host.Logs.All).ShouldNotContain(secret);
    }

    private Task<string> LinkAsync(TestUser user) =>
        people.Mail.TakeLinkAsync(user.Email, "Set another password");

    private static async Task<Shown> AskAsync(Person person, string email) =>
        await person.SubmitAsync(
            await person.GetAsync("/password/forgotten"),
            "/password/forgotten",
            ("email", email)
        );

    private static Task<Shown> SetAsync(Person person, Shown page, string password) =>
        person.SubmitAsync(
            page,
            "/password/reset",
            ("new-password", password),
            ("new-password-again", password)
        );
}
