using System.Net;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.Identity.Tests.SignIn;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Tests.Registration;

public sealed class RegistrationTests(SharedPeople people) : IClassFixture<SharedPeople>
{
    [Fact]
    public async Task Registration_Approved_LetsIn()
    {
        var administrator = await people.NewUserAsync("admin");
        var team = await people.Admin.CreateTeamAsync($"t-{Guid.NewGuid():n}");
        var (person, email, login) = await RegisterAsync();
        (
            await people.Mail.TakeAsync(administrator.Email, "Somebody asks for an account")
        ).ShouldContain(email);
        (await person.SignInAsync(login, SharedPeople.Password)).Status.ShouldBe(
            HttpStatusCode.BadRequest
        );

        var id = await PendingAsync(login);
        var approved = await people.Admin.PostAsync(
            $"/v1/registrations/{id}/approve",
            new
            {
                platformRoles = new[] { "auditor" },
                teams = new[] { new { teamId = team, roles = new[] { "consumer" } } },
            }
        );

        approved.ShouldBe(HttpStatusCode.NoContent);
        (await people.Mail.TakeAsync(email, "Your account is ready")).ShouldContain(login);
        (await person.SignInAsync(login, SharedPeople.Password)).Text.ShouldContain("Your account");
        (await people.Admin.GetAsync($"/v1/teams/{team}/members")).Text.ShouldContain(email);
        (await people.Admin.PostAsync($"/v1/registrations/{id}/approve", new { })).ShouldBe(
            HttpStatusCode.Conflict
        );
        (await people.AuditAsync(id))
            .Select(a => a.Action)
            .ShouldBe(["registration.create", "registration.approve"]);
        (await people.AuditAsync(id)).ShouldAllBe(a => !(a.After ?? "").Contains("hash"));
        await using var db = new NpgsqlConnection(people.Host.ConnectionString);
        (
            await db.ExecuteScalarAsync<int>(
                "select count(*) from registrations where status <> 'Pending' and password_hash is not null"
            )
        ).ShouldBe(0);
        person.Dispose();
    }

    [Fact]
    public async Task Registration_Rejected_IsToldWhyAndLetsNobodyIn()
    {
        var (person, email, login) = await RegisterAsync();
        var id = await PendingAsync(login);

        (
            await people.Admin.PostAsync(
                $"/v1/registrations/{id}/reject",
                new { reason = "We do not know you." }
            )
        ).ShouldBe(HttpStatusCode.NoContent);

        (await people.AuditAsync(id)).Select(a => a.Action).ShouldContain("registration.reject");
        (await people.Mail.TakeAsync(email, "You were not let in")).ShouldContain(
            "We do not know you."
        );
        (await person.SignInAsync(login, SharedPeople.Password)).Status.ShouldBe(
            HttpStatusCode.BadRequest
        );
        person.Dispose();
    }

    [Fact]
    public async Task Registration_OfAKnownAddress_IsAnsweredTheSame()
    {
        var user = await people.NewUserAsync();
        var unknown = $"{user.Login.Replace('u', 'v')}@example.org";
        using var person = people.NewPerson();

        var known = await AskAsync(person, user.Email);
        var other = await AskAsync(person, unknown);

        known.Status.ShouldBe(HttpStatusCode.OK);
        known.Text.Replace(user.Email, "").ShouldBe(other.Text.Replace(unknown, ""));
        (await people.Mail.TakeAsync(user.Email, "You have an account already")).ShouldContain(
            user.Login
        );
        await people.Mail.TakeLinkAsync(unknown, "Go on with your registration");
    }

    [Fact]
    public async Task Registration_WithATakenLogin_CanTakeAnother()
    {
        var user = await people.NewUserAsync();
        var email = $"{Guid.NewGuid():n}@example.org";
        using var person = people.NewPerson();
        await AskAsync(person, email);
        var page = await person.GetAsync(await people.Mail.TakeLinkAsync(email, "Go on"));

        (await ConfirmAsync(person, page, user.Login)).Text.ShouldContain(
            "Somebody else has this login."
        );
        (await ConfirmAsync(person, page, $"free-{email[..20]}")).Text.ShouldContain(
            "nearly there"
        );
        (await ConfirmAsync(person, page, $"more-{email[..20]}")).ShouldBeAFailure();
    }

    [Fact]
    public async Task Registration_Off_IsThereForNobody()
    {
        await using var host = await IdentityHost.StartSigningInAsync();
        using var person = new Person(host);

        (await person.GetAsync("/sign-in")).Text.ShouldNotContain("/register");
        (await person.GetAsync("/register")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await person.PostAsync("/register", ("email", "a@example.org"))).Status.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await person.GetAsync("/register/confirm?link=x")).Status.ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    private async Task<(Person Person, string Email, string Login)> RegisterAsync()
    {
        var email = $"{Guid.NewGuid():n}@example.org";
        var login = $"r-{email[..20]}";
        var person = people.NewPerson();
        await AskAsync(person, email);
        var page = await person.GetAsync(await people.Mail.TakeLinkAsync(email, "Go on"));
        page.Text.ShouldContain(email);
        (await ConfirmAsync(person, page, login)).Text.ShouldContain("nearly there");
        return (person, email, login);
    }

    private static async Task<Shown> AskAsync(Person person, string email) =>
        await person.SubmitAsync(await person.GetAsync("/register"), "/register", ("email", email));

    private static Task<Shown> ConfirmAsync(Person person, Shown page, string login) =>
        person.SubmitAsync(
            page,
            "/register/confirm",
            ("name", "Rea Registered"),
            ("login", login),
            ("new-password", SharedPeople.Password),
            ("new-password-again", SharedPeople.Password)
        );

    private async Task<string> PendingAsync(string login) =>
        (await people.Admin.GetAsync("/v1/registrations?limit=100"))
            .ShouldBe(HttpStatusCode.OK)
            .Body.GetProperty("items")
            .EnumerateArray()
            .Single(r => r.GetProperty("login").GetString() == login)
            .GetProperty("id")
            .GetString()!;
}
