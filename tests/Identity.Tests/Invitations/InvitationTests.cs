using System.Net;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.Identity.Tests.SignIn;

namespace ApiSvc.Identity.Tests.Invitations;

public sealed class InvitationTests(SharedPeople people) : IClassFixture<SharedPeople>
{
    [Fact]
    public async Task Invited_WithoutAccount_MakesOneAndIsAMember()
    {
        var (team, email, invitation) = await InviteAsync("publisher", "viewer");
        using var person = people.NewPerson();
        var link = await people.Mail.TakeLinkAsync(email, "You are invited");

        var page = await person.GetAsync(link);
        page.Text.ShouldContain("publisher, viewer");
        var bad = await MakeAsync(person, page, "other@example.org", "passwordpassword");
        bad.Status.ShouldBe(HttpStatusCode.BadRequest);
        bad.Text.ShouldContain("May be no other e-mail address");
        bad.Text.ShouldContain("guessed first");
        var taken = await MakeAsync(person, page, (await people.NewUserAsync()).Login);
        taken.Text.ShouldContain("Somebody else has this login.");
        var done = await MakeAsync(person, page, $"i-{email[..20]}");

        done.Text.ShouldContain("You are in the team now.");
        var member = (await people.Admin.GetAsync($"/v1/teams/{team}/members"))
            .Body.GetProperty("items")
            .EnumerateArray()
            .ShouldHaveSingleItem();
        member.GetProperty("email").GetString().ShouldBe(email);
        member.GetProperty("roles").GetArrayLength().ShouldBe(2);
        (await person.GetAsync(link)).ShouldBeAFailure();
        (await people.AuditAsync(invitation))
            .Select(a => a.Action)
            .ShouldBe(["invitation.create", "invitation.accept"]);
        (await people.Admin.GetAsync($"/v1/teams/{team}/invitations"))
            .Body.GetProperty("items")
            .GetArrayLength()
            .ShouldBe(0);
    }

    [Fact]
    public async Task Invited_WithAccount_JoinsAndKeepsOtherRoles()
    {
        var user = await people.NewUserAsync();
        var (team, email, _) = await InviteAsync("publisher");
        (
            await people.Admin.PutAsync(
                $"/v1/teams/{team}/members/{user.Id}",
                new { roles = new[] { "consumer" } }
            )
        ).ShouldBe(HttpStatusCode.OK);
        using var person = await people.SignInAsync(user);

        var page = await person.GetAsync(await people.Mail.TakeLinkAsync(email, "You are invited"));
        page.Text.ShouldContain($"signed in as <strong>{user.Login}</strong>");
        (await person.SubmitAsync(page, "/invitation/join")).Text.ShouldContain("in the team now");

        (await people.Admin.GetAsync($"/v1/teams/{team}/members")).Text.ShouldContain(
            """["consumer","publisher"]"""
        );
        (await person.SubmitAsync(page, "/invitation/join")).ShouldBeAFailure();
    }

    [Fact]
    public async Task Link_UsedTwiceAtOnce_MakesOneAccount()
    {
        var (team, email, _) = await InviteAsync("viewer");
        var link = await people.Mail.TakeLinkAsync(email, "You are invited");
        var persons = Enumerable.Range(0, 4).Select(_ => people.NewPerson()).ToList();
        var pages = new List<Shown>();
        foreach (var person in persons)
        {
            pages.Add(await person.GetAsync(link));
        }

        await Task.WhenAll(persons.Select((p, i) => MakeAsync(p, pages[i], $"i{i}-{email[..20]}")));

        persons.Count(p => p.HasSession).ShouldBe(1);
        (await people.Admin.GetAsync($"/v1/teams/{team}/members"))
            .Body.GetProperty("items")
            .GetArrayLength()
            .ShouldBe(1);
        persons.ForEach(p => p.Dispose());
    }

    [Fact]
    public async Task Invitation_RevokedReplacedOrOld_IsGoodNoLonger()
    {
        using var person = people.NewPerson();
        var (team, email, invitation) = await InviteAsync("viewer");
        var first = await people.Mail.TakeLinkAsync(email, "You are invited");
        var again = await people.Admin.PostAsync(
            $"/v1/teams/{team}/invitations",
            new { email, roles = new[] { "owner" } }
        );
        again.ShouldBe(HttpStatusCode.Created);
        var second = await people.Mail.TakeLinkAsync(email, "You are invited");
        (await person.GetAsync(first)).ShouldBeAFailure();
        (await person.GetAsync(second)).Text.ShouldContain("owner");

        (await people.Admin.DeleteAsync($"/v1/teams/{team}/invitations/{invitation}")).ShouldBe(
            HttpStatusCode.NotFound
        );
        (await people.Admin.DeleteAsync($"/v1/teams/{team}/invitations/{again.Id}")).ShouldBe(
            HttpStatusCode.NoContent
        );
        (await person.GetAsync(second)).ShouldBeAFailure();
        (await people.AuditAsync(again.Id))
            .Select(a => a.Action)
            .ShouldBe(["invitation.create", "invitation.revoke"]);

        var (_, other, _) = await InviteAsync("viewer");
        var old = await people.Mail.TakeLinkAsync(other, "You are invited");
        await people.AdvanceAsync(TimeSpan.FromDays(7));
        (await person.GetAsync(old)).ShouldBeAFailure();
    }

    [Fact]
    public async Task Invite_ByOwnerOnly_AndWithTeamRolesOnly()
    {
        var team = await people.Admin.CreateTeamAsync($"t-{Guid.NewGuid():n}");
        var path = $"/v1/teams/{team}/invitations";
        var owner = await people.Host.MemberAsync(people.Admin, team, "owner");
        var viewer = await people.Host.MemberAsync(people.Admin, team, "viewer");
        object Input(string role, string email = "new@example.org") =>
            new { email, roles = new[] { role } };

        (await viewer.PostAsync(path, Input("viewer"))).ShouldBe(HttpStatusCode.Forbidden);
        (await owner.PostAsync(path, Input("admin"))).ShouldBe(HttpStatusCode.BadRequest);
        (await owner.PostAsync(path, Input("viewer", "nobody"))).ShouldBe(
            HttpStatusCode.BadRequest
        );
        var made = (await owner.PostAsync(path, Input("viewer"))).ShouldBe(HttpStatusCode.Created);
        made.Text.ShouldNotContain("link");
    }

    [Fact]
    public async Task Invite_OneAddressOverAndOver_HasToWait()
    {
        var team = await people.Admin.CreateTeamAsync($"t-{Guid.NewGuid():n}");
        var input = new { email = $"x-{team}@example.org", roles = new[] { "viewer" } };
        for (var i = 0; i < 3; i++)
        {
            (await people.Admin.PostAsync($"/v1/teams/{team}/invitations", input)).ShouldBe(
                HttpStatusCode.Created
            );
        }

        (await people.Admin.PostAsync($"/v1/teams/{team}/invitations", input)).ShouldBe(
            HttpStatusCode.TooManyRequests
        );
    }

    private static Task<Shown> MakeAsync(
        Person person,
        Shown page,
        string login,
        string password = SharedPeople.Password
    ) =>
        person.SubmitAsync(
            page,
            "/invitation",
            ("name", "Ivy Invited"),
            ("login", login),
            ("new-password", password),
            ("new-password-again", password)
        );

    private async Task<(string Team, string Email, string Id)> InviteAsync(params string[] roles)
    {
        var team = await people.Admin.CreateTeamAsync($"t-{Guid.NewGuid():n}");
        var email = $"{Guid.NewGuid():n}@example.org";
        var made = await people.Admin.PostAsync(
            $"/v1/teams/{team}/invitations",
            new { email, roles }
        );
        return (team, email, made.ShouldBe(HttpStatusCode.Created).Id);
    }
}
