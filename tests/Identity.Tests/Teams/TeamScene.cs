using System.Net;
using ApiSvc.AccessWalk;
using ApiSvc.Identity.Registration;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiSvc.Identity.Tests.Teams;

/// <summary>Two teams with one of everything each; the walk asks for what the first has.</summary>
internal static class TeamScene
{
    private const string CustomRole = "custom";

    public static async Task<WalkScene> OpenAsync(IdentityHost host, ApiCaller admin)
    {
        var theirs = await FurnishAsync(host, admin, "private");
        var own = await FurnishAsync(host, admin, "strangers");
        await MakeRoleAsync(admin, CustomRole, "credentials.read", "members.read", "teams.write");
        return new()
        {
            Tokens = new Dictionary<Walker, string>
            {
                [Walker.Stranger] = (await host.MemberAsync(admin, own["teamId"], "owner")).Token,
                [Walker.Viewer] = (await host.MemberAsync(admin, theirs["teamId"], "viewer")).Token,
                [Walker.Auditor] = (await host.CallerAsync("auditor", IdentityHost.Secret)).Token,
                [Walker.Admin] = admin.Token,
            },
            Values = await WithEverybodysAsync(admin, theirs),
            Theirs = [.. theirs.Values, "private"],
            Own = [.. own.Values, "strangers"],
            Roles =
            [
                Role("owner"),
                Role("publisher"),
                Role("consumer"),
                Role(CustomRole),
                new("operator", OpenOperatorAsync) { IsOfPlatform = true },
            ],
        };

        WalkRole Role(string name) =>
            new(
                name,
                async () =>
                {
                    var furnished = await FurnishAsync(host, admin, $"team-of-{name}");
                    var member = await host.MemberAsync(admin, furnished["teamId"], name);
                    return new(member.Token, await WithEverybodysAsync(admin, furnished));
                }
            );

        async Task<WalkRoleScene> OpenOperatorAsync() =>
            new(
                (await host.CallerAsync("operator", IdentityHost.Secret)).Token,
                await WithEverybodysAsync(admin, await FurnishAsync(host, admin, "team-of-nobody"))
            );
    }

    // Roles and signing keys are the platform's: they tell nothing of a team.
    private static async Task<Dictionary<string, string>> WithEverybodysAsync(
        ApiCaller admin,
        Dictionary<string, string> furnished
    )
    {
        var role = $"walked-{Guid.NewGuid():n}";
        await MakeRoleAsync(admin, role, "teams.read");
        await MakeRoleAsync(admin, $"{role}-spare", "teams.read");
        return new(furnished)
        {
            ["roles/name"] = role,
            ["role"] = role,
            ["signing-keys/keyId"] = await NextKeyAsync(admin),
        };
    }

    private static async Task MakeRoleAsync(
        ApiCaller admin,
        string name,
        params string[] permissions
    ) =>
        (
            await admin.PostAsync(
                "/v1/roles",
                new
                {
                    name,
                    reach = "team",
                    permissions,
                }
            )
        ).ShouldBe(HttpStatusCode.Created);

    private static async Task<Dictionary<string, string>> FurnishAsync(
        IdentityHost host,
        ApiCaller admin,
        string slug
    )
    {
        var team = await admin.CreateTeamAsync(slug);
        var application = host.AddApplication(team);
        var member = await CreateUserAsync(admin, slug);
        (
            await admin.PutAsync(
                $"/v1/teams/{team}/members/{member}",
                new { roles = new[] { "viewer" } }
            )
        ).ShouldBe(HttpStatusCode.OK);
        return new()
        {
            ["teamId"] = team,
            ["userId"] = member,
            ["invitationId"] = await InviteAsync(admin, team, slug),
            ["registrationId"] = await RegisterAsync(host, slug),
            ["spareUserId"] = await CreateUserAsync(admin, $"{slug}-spare"),
            ["applicationId"] = application,
            ["keyId"] = (await admin.CreateKeyAsync(application)).Id,
            ["spareKeyId"] = (await admin.CreateKeyAsync(application)).Id,
            ["oauth-clients/clientId"] = (await admin.CreateClientAsync(application)).Id,
            ["spareOauthClientId"] = (await admin.CreateClientAsync(application)).Id,
            ["team-clients/clientId"] = await CreateTeamClientAsync(admin, team),
            ["spareTeamClientId"] = await CreateTeamClientAsync(admin, team),
        };
    }

    // One that signs nothing yet: those who walk have tokens.
    private static async Task<string> NextKeyAsync(ApiCaller admin) =>
        (await admin.GetAsync("/v1/signing-keys"))
            .Body.GetProperty("items")
            .EnumerateArray()
            .First(k => k.GetProperty("phase").GetString() == "next")
            .GetProperty("keyId")
            .GetString()!;

    private static async Task<string> InviteAsync(ApiCaller admin, string team, string slug) =>
        (
            await admin.PostAsync(
                $"/v1/teams/{team}/invitations",
                new { email = $"{slug}-invited@example.org", roles = new[] { "viewer" } }
            )
        )
            .ShouldBe(HttpStatusCode.Created)
            .Id;

    private static async Task<string> RegisterAsync(IdentityHost host, string slug)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var isAdded = await services
            .GetRequiredService<RegistrationStore>()
            .AddAsync(
                new NewAccount($"{slug}-registered", slug, new Dictionary<string, string>()),
                $"{slug}-registered@example.org",
                "brown foxes jump over 7 dogs",
                Actor.System("test"),
                CancellationToken.None
            );
        isAdded.ShouldBeTrue();
        await services.GetRequiredService<UnitOfWork>().CommitAsync();
        await using var db = new NpgsqlConnection(host.ConnectionString);
        var id = await db.ExecuteScalarAsync<Guid>(
            "select id from registrations where login = @login",
            new { login = $"{slug}-registered" }
        );
        return new Id<RegistrationKind>(id).ToString();
    }

    private static async Task<string> CreateUserAsync(ApiCaller admin, string login) => (
            await admin.PostAsync(
                "/v1/users",
                new
                {
                    login,
                    name = login,
                    email = $"{login}@example.org",
                }
            )
        ).ShouldBe(HttpStatusCode.Created).Id;

    private static async Task<string> CreateTeamClientAsync(ApiCaller admin, string team) =>
        (
            await admin.PostAsync(
                $"/v1/teams/{team}/clients",
                new { name = "tool", roles = new[] { "viewer" } }
            )
        )
            .ShouldBe(HttpStatusCode.Created)
            .Body.GetProperty("client")
            .GetProperty("clientId")
            .GetString()!;
}
