using System.Diagnostics;
using System.Net;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.Testing;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Tests.Roles;

/// <summary>Roles that administrators make: what they permit, who may make and give them, and when they go.</summary>
public sealed class CustomRoleTests(SharedIdentity identity) : IClassFixture<SharedIdentity>
{
    private static readonly UuidGenerator Ids = new(TimeProvider.System);

    private ApiCaller Admin => identity.Admin;

    [Fact]
    public async Task Create_Read_Change_Delete_AsTheEtagSays()
    {
        var name = NewName();
        var made = await Admin.PostAsync(
            "/v1/roles",
            Role(name, "team", "apis.read", "apis.write")
        );
        made.ShouldBe(HttpStatusCode.Created).Location!.ToString().ShouldBe($"/v1/roles/{name}");

        var read = await Admin.GetAsync($"/v1/roles/{name}");
        read["reach"].ShouldBe("team");
        read.Body.GetProperty("builtIn").GetBoolean().ShouldBeFalse();
        read.ETag.ShouldBe(made.ETag);
        var changed = await Admin.PutAsync(
            $"/v1/roles/{name}",
            Role(name, "team", "apis.read"),
            read.ETag
        );
        changed
            .ShouldBe(HttpStatusCode.OK)
            .Body.GetProperty("permissions")
            .GetArrayLength()
            .ShouldBe(1);
        (await Admin.DeleteAsync($"/v1/roles/{name}", read.ETag)).ShouldBe(
            HttpStatusCode.PreconditionFailed
        );
        (await Admin.DeleteAsync($"/v1/roles/{name}", changed.ETag)).ShouldBe(
            HttpStatusCode.NoContent
        );
        (await Admin.GetAsync($"/v1/roles/{name}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("team", "users.read", "Not possible here")]
    [InlineData("team", "*", "Not possible here")]
    [InlineData("platform", "credentials.watch", "Not possible here")]
    [InlineData("platform", "nothing.known", "Not possible here")]
    [InlineData("service", "roles.watch", "Must be platform or team")]
    public async Task Create_OfWhatCannotBe_IsRefusedWithWhatCan(
        string reach,
        string permission,
        string words
    )
    {
        var refused = await Admin.PostAsync("/v1/roles", Role(NewName(), reach, permission));

        refused.ShouldBe(HttpStatusCode.BadRequest).Text.ShouldContain(words);
    }

    [Fact]
    public async Task Create_WithATakenName_IsRefused()
    {
        var refused = await Admin.PostAsync("/v1/roles", Role("owner", "team", "apis.read"));

        refused.ShouldBe(HttpStatusCode.Conflict).Text.ShouldContain("role-name-taken");
    }

    [Fact]
    public async Task Change_OfABuiltInOne_IsRefused()
    {
        (await Admin.PutAsync("/v1/roles/viewer", Role("viewer", "team", "apis.write"), "*"))
            .ShouldBe(HttpStatusCode.Conflict)
            .Text.ShouldContain("role-built-in");
        (await Admin.DeleteAsync("/v1/roles/viewer", "*"))
            .ShouldBe(HttpStatusCode.Conflict)
            .Text.ShouldContain("role-built-in");
    }

    [Fact]
    public async Task Change_OfNameOrReach_IsRefused()
    {
        var name = await MakeAsync("team", "apis.read");

        var refused = await Admin.PutAsync(
            $"/v1/roles/{name}",
            Role("other", "platform", "apis.read"),
            "*"
        );

        refused.ShouldBe(HttpStatusCode.BadRequest);
        refused.Body.GetProperty("errors").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Given_PermitsWhatItSays_AndWhatItSaysLater()
    {
        var name = await MakeAsync("team", "teams.read", "teams.write");
        var team = await Admin.CreateTeamAsync(NewName());
        var member = await identity.Host.MemberAsync(Admin, team, name);
        var input = new { slug = NewName(), name = "Renamed" };
        await Eventually.GetAsync(
            () => member.PutAsync($"/v1/teams/{team}", input, "*"),
            a => a.Status == HttpStatusCode.OK
        );
        (await member.GetAsync($"/v1/teams/{team}/members")).ShouldBe(HttpStatusCode.Forbidden);

        (
            await Admin.PutAsync($"/v1/roles/{name}", Role(name, "team", "members.read"), "*")
        ).ShouldBe(HttpStatusCode.OK);

        var since = Stopwatch.StartNew();
        await Eventually.GetAsync(
            () => member.GetAsync($"/v1/teams/{team}/members"),
            a => a.Status == HttpStatusCode.OK
        );
        since.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (await member.PutAsync($"/v1/teams/{team}", input, "*")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Delete_OfOneInUse_NamesThoseWhoHaveIt()
    {
        var ofTeams = await MakeAsync("team", "teams.read");
        var ofPlatform = await MakeAsync("platform", "nodes.read");
        var team = await Admin.CreateTeamAsync(NewName());
        var user = await identity.NewUserAsync();
        await identity.Host.MemberAsync(Admin, team, ofTeams);
        (
            await Admin.PutAsync(
                $"/v1/teams/{team}/members/{user}",
                new { roles = new[] { ofTeams } }
            )
        ).ShouldBe(HttpStatusCode.OK);
        (await Admin.PutAsync($"/v1/users/{user}", UserWith(ofPlatform), "*")).ShouldBe(
            HttpStatusCode.OK
        );

        var inTeams = await Admin.DeleteAsync($"/v1/roles/{ofTeams}", "*");
        inTeams.ShouldBe(HttpStatusCode.Conflict).Text.ShouldContain("role-in-use");
        inTeams.Text.ShouldContain($"user {user} in team {team}, client client_");
        (await Admin.DeleteAsync($"/v1/roles/{ofPlatform}", "*"))
            .ShouldBe(HttpStatusCode.Conflict)
            .Text.ShouldContain($"user {user}");

        (await Admin.PutAsync($"/v1/users/{user}", UserWith(), "*")).ShouldBe(HttpStatusCode.OK);
        (await Admin.DeleteAsync($"/v1/roles/{ofPlatform}", "*")).ShouldBe(
            HttpStatusCode.NoContent
        );
    }

    [Fact]
    public async Task Give_OfARoleThatIsNotThere_SaysWhichThereAre()
    {
        var team = await Admin.CreateTeamAsync(NewName());

        var refused = await Admin.PostAsync(
            $"/v1/teams/{team}/clients",
            new { name = "x", roles = new[] { "nobody" } }
        );

        refused.ShouldBe(HttpStatusCode.BadRequest).Text.ShouldContain("publisher");
    }

    [Fact]
    public async Task Give_OfMoreThanTheGiverHas_IsRefused()
    {
        var name = await MakeAsync("team", "members.read", "members.write");
        var team = await Admin.CreateTeamAsync(NewName());
        var giver = await identity.Host.MemberAsync(Admin, team, name);
        var user = await identity.NewUserAsync();
        var member = $"/v1/teams/{team}/members/{user}";
        await Eventually.GetAsync(
            () => giver.PutAsync(member, new { roles = new[] { name } }),
            a => a.Status == HttpStatusCode.OK
        );

        (await giver.PutAsync(member, new { roles = new[] { name, "owner" } }))
            .ShouldBe(HttpStatusCode.Forbidden)
            .Text.ShouldContain("permission-escalation");
        (
            await giver.PostAsync(
                $"/v1/teams/{team}/clients",
                new { name = "x", roles = new[] { "owner" } }
            )
        ).ShouldBe(HttpStatusCode.Forbidden);
        // What is there already is not given by it.
        (await Admin.PutAsync(member, new { roles = new[] { "owner" } })).ShouldBe(
            HttpStatusCode.OK
        );
        (await giver.PutAsync(member, new { roles = new[] { "owner", name } })).ShouldBe(
            HttpStatusCode.OK
        );
    }

    [Fact]
    public async Task Make_OfMoreThanTheMakerHas_IsRefused()
    {
        var own = await MakeAsync(
            "platform",
            "roles.write",
            "roles.read",
            "users.write",
            "nodes.read"
        );
        var keeper = await identity.Host.CallerAsync(
            await PlatformClientAsync(own),
            IdentityHost.Secret
        );
        var name = NewName();
        await Eventually.GetAsync(
            () => keeper.PostAsync("/v1/roles", Role(name, "platform", "nodes.read")),
            a => a.Status == HttpStatusCode.Created
        );

        (
            await keeper.PostAsync(
                "/v1/roles",
                Role(NewName(), "platform", "nodes.read", "users.read")
            )
        )
            .ShouldBe(HttpStatusCode.Forbidden)
            .Text.ShouldContain("users.read");
        (
            await keeper.PutAsync($"/v1/roles/{own}", Role(own, "platform", "users.read"), "*")
        ).ShouldBe(HttpStatusCode.Forbidden);
        var administrator = await identity.NewUserAsync();
        (await Admin.PutAsync($"/v1/users/{administrator}", UserWith("admin"), "*")).ShouldBe(
            HttpStatusCode.OK
        );
        // Neither give it, nor take the one over who has it.
        (await keeper.PostAsync("/v1/users", UserWith("admin"))).ShouldBe(HttpStatusCode.Forbidden);
        (await keeper.PutAsync($"/v1/users/{administrator}", UserWith(), "*")).ShouldBe(
            HttpStatusCode.Forbidden
        );
    }

    [Fact]
    public async Task Delete_WhileItIsGiven_LeavesNobodyWithARoleThatIsGone()
    {
        var team = await Admin.CreateTeamAsync(NewName());
        for (var i = 0; i < 15; i++)
        {
            var name = await MakeAsync("team", "teams.read");

            var given = Admin.PostAsync(
                $"/v1/teams/{team}/clients",
                new { name = "x", roles = new[] { name } }
            );
            var deleted = Admin.DeleteAsync($"/v1/roles/{name}", "*");

            var outcome = ((await given).Status, (await deleted).Status);
            outcome.ShouldBeOneOf(
                (HttpStatusCode.Created, HttpStatusCode.Conflict),
                (HttpStatusCode.BadRequest, HttpStatusCode.NoContent)
            );
        }
    }

    [Fact]
    public void BuiltInRoles_PermitOnlyWhatThereIs() =>
        BuiltInRoles
            .All.SelectMany(r => r.Permissions)
            .Where(p => p != RoleTable.Everything && KnownPermissions.Find(p) is null)
            .ShouldBeEmpty();

    private static string NewName() => $"r-{Guid.NewGuid():n}";

    private static object Role(string name, string reach, params string[] permissions) =>
        new
        {
            name,
            reach,
            description = "As the test needs it.",
            permissions,
        };

    private static object UserWith(params string[] platformRoles)
    {
        var login = NewName();
        return new
        {
            login,
            name = "Ada",
            email = $"{login}@example.org",
            platformRoles,
        };
    }

    private async Task<string> MakeAsync(string reach, params string[] permissions)
    {
        var name = NewName();
        (await Admin.PostAsync("/v1/roles", Role(name, reach, permissions))).ShouldBe(
            HttpStatusCode.Created
        );
        return name;
    }

    // As the first start makes one.
    private async Task<string> PlatformClientAsync(string role)
    {
        var id = Ids.Next<OAuthClientKind>();
        await using var db = new NpgsqlConnection(identity.Host.ConnectionString);
        await db.ExecuteAsync(
            """
            insert into platform_clients (id, name, roles, secret_sha256, created_at)
            values (@id, 'keeper', @roles, @hash, now())
            """,
            new
            {
                id = id.Value,
                roles = new[] { role },
                hash = GeneratedSecret.Hash(IdentityHost.Secret),
            }
        );
        return id.ToString();
    }
}
