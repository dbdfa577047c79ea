using System.Net;
using ApiSvc.Identity.SecondFactor;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.Identity.Tests.SignIn;
using Dapper;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;

namespace ApiSvc.Identity.Tests.SecondFactor;

public sealed class SecondFactorTests(SharedPeople people) : IClassFixture<SharedPeople>
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(Totp.StepSeconds);

    [Fact]
    public async Task SignIn_WithTheSecondFactor_AsksForItsCode()
    {
        var user = await people.NewUserAsync();
        var client = await people.NewClientAsync();
        using var person = await people.SignInAsync(user);
        var (seed, _) = await people.TurnOnSecondFactorAsync(person);
        people.Host.Time.Advance(Step);

        using var elsewhere = people.NewPerson();
        var question = await elsewhere.SignInAsync(user.Login, SharedPeople.Password);
        question.Text.ShouldContain("Enter your code");
        elsewhere.HasSession.ShouldBeFalse();
        var wrong = await SubmitAsync(elsewhere, question, "000000");
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        var done = await SubmitAsync(elsewhere, wrong, Code(seed));
        done.Text.ShouldContain("Your account");

        var idToken = new JsonWebToken((await people.TokensAsync(elsewhere, client))["id_token"]);
        idToken.GetPayloadValue<string[]>("amr").ShouldBe(["pwd", "otp"]);
    }

    [Fact]
    public async Task Code_UsedTwiceAtOnce_LetsOneIn()
    {
        var user = await people.NewUserAsync();
        using var person = await people.SignInAsync(user);
        var (seed, _) = await people.TurnOnSecondFactorAsync(person);
        people.Host.Time.Advance(Step);
        var persons = Enumerable.Range(0, 4).Select(_ => people.NewPerson()).ToList();
        var questions = new List<Shown>();
        foreach (var one in persons)
        {
            questions.Add(await one.SignInAsync(user.Login, SharedPeople.Password));
        }

        var code = Code(seed);
        await Task.WhenAll(persons.Zip(questions, (p, q) => SubmitAsync(p, q, code)));

        persons.Count(p => p.HasSession).ShouldBe(1);
        persons.ForEach(p => p.Dispose());
    }

    [Fact]
    public async Task SetUp_NotConfirmed_DoesNotCount()
    {
        var user = await people.NewUserAsync();
        using var person = await people.SignInAsync(user);
        var page = await person.GetAsync(SecondFactorPages.Path);
        page.Text.ShouldContain("<svg class=\"qr\"");
        (await person.GetAsync(SecondFactorPages.Path)).Text.ShouldContain(
            SeedText.Grouped(SecondFactorText.ReadSeed(page.Text))
        );
        var wrong = await person.SubmitAsync(page, SecondFactorPages.Path, ("code", "000000"));
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);

        using var elsewhere = await people.SignInAsync(user);
        elsewhere.HasSession.ShouldBeTrue();
    }

    [Fact]
    public async Task Seed_AtRest_IsSealed()
    {
        var user = await people.NewUserAsync();
        using var person = await people.SignInAsync(user);
        var (seed, recovery) = await people.TurnOnSecondFactorAsync(person);
        recovery.Distinct().Count().ShouldBe(10);

        await using var db = new NpgsqlConnection(people.Host.ConnectionString);
        var kept = await db.QueryAsync<byte[]>("select seed from second_factors");
        kept.ShouldNotBeEmpty();
        kept.ShouldAllBe(k => !Convert.ToHexString(k).Contains(Convert.ToHexString(seed)));
        var codes = await db.QueryAsync<byte[]>("select sha256 from recovery_codes");
        codes.ShouldAllBe(c => c.Length == 32);
        var audit = await people.AuditAsync(user.Id);
        audit.Select(a => a.Action).ShouldContain("second-factor.enable");
        await people.Mail.TakeAsync(user.Email, "Two-step sign-in was turned on");
    }

    [Fact]
    public async Task RecoveryCode_UsedTwice_LetsInOnce()
    {
        var user = await people.NewUserAsync();
        using var person = await people.SignInAsync(user);
        var (_, recovery) = await people.TurnOnSecondFactorAsync(person);

        using var one = people.NewPerson();
        await SubmitAsync(
            one,
            await one.SignInAsync(user.Login, SharedPeople.Password),
            recovery[3]
        );
        one.HasSession.ShouldBeTrue();
        using var other = people.NewPerson();
        await SubmitAsync(
            other,
            await other.SignInAsync(user.Login, SharedPeople.Password),
            recovery[3]
        );
        other.HasSession.ShouldBeFalse();

        (await people.AuditAsync(user.Id)).ShouldContain(
            ("recovery-code.use", "succeeded", """{"left":9}""")
        );
        // New ones end the ones before.
        var page = await person.GetAsync(SecondFactorPages.Path);
        var renewed = await person.SubmitAsync(page, SecondFactorPages.RecoveryPath);
        SecondFactorText.ReadRecoveryCodes(renewed.Text).Intersect(recovery).ShouldBeEmpty();
        await SubmitAsync(
            other,
            await other.SignInAsync(user.Login, SharedPeople.Password),
            recovery[4]
        );
        other.HasSession.ShouldBeFalse();
    }

    [Fact]
    public async Task Code_GuessedAt_HasToWait()
    {
        var user = await people.NewUserAsync();
        people.Host.Time.Freeze();
        using var person = await people.SignInAsync(user);
        var (seed, _) = await people.TurnOnSecondFactorAsync(person);
        people.Host.Time.Advance(Step);
        var page = await person.SignInAsync(user.Login, SharedPeople.Password);
        for (var i = 0; i < 5; i++)
        {
            page = await SubmitAsync(person, page, "000000");
            page.Status.ShouldBe(HttpStatusCode.BadRequest);
        }

        page = await SubmitAsync(person, page, Code(seed));
        page.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        page.Headers["Retry-After"].ShouldBe("2");
        people.Host.Time.Advance(TimeSpan.FromSeconds(2));
        (await SubmitAsync(person, page, Code(seed))).Text.ShouldContain("Your account");
        (await people.AuditAsync(user.Id)).Select(a => a.Action).ShouldContain("session.delay");
    }

    [Fact]
    public async Task TurnOff_NeedsACode()
    {
        var user = await people.NewUserAsync();
        using var person = await people.SignInAsync(user);
        var (seed, _) = await people.TurnOnSecondFactorAsync(person);
        people.Host.Time.Advance(Step);
        var page = await person.GetAsync(SecondFactorPages.Path);

        var wrong = await person.SubmitAsync(page, SecondFactorPages.OffPath, ("code", "000000"));
        wrong.Status.ShouldBe(HttpStatusCode.BadRequest);
        var off = await person.SubmitAsync(wrong, SecondFactorPages.OffPath, ("code", Code(seed)));

        off.Text.ShouldContain("Two-step sign-in is off.");
        (await people.AuditAsync(user.Id))
            .Select(a => a.Action)
            .ShouldContain("second-factor.disable");
        using var elsewhere = await people.SignInAsync(user);
    }

    [Fact]
    public async Task Administrator_RemovesALostOne_AndTheUserComesIn()
    {
        var user = await people.NewUserAsync();
        using var person = await people.SignInAsync(user);
        await people.TurnOnSecondFactorAsync(person);

        (await people.Admin.DeleteAsync($"/v1/users/{user.Id}/second-factor")).ShouldBe(
            HttpStatusCode.NoContent
        );

        using var elsewhere = await people.SignInAsync(user);
        (await people.AuditAsync(user.Id))
            .Select(a => a.Action)
            .ShouldContain("second-factor.remove");
    }

    private string Code(byte[] seed) => SecondFactorText.CodeAt(seed, people.Host.Time.GetUtcNow());

    private static Task<Shown> SubmitAsync(Person person, Shown page, string code) =>
        person.SubmitAsync(page, "/sign-in/code", ("code", code));
}
