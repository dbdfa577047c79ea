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
    public static async Task<WalkScene> OpenAsync(IdentityHost host, ApiCaller admin)
    {
        var theirs = await FurnishAsync(host, admin, "private");
        var own = await FurnishAsync(host, admin, "strangers");
        return new()
        {
            Tokens = new Dictionary<Walker, string>
            {
                [Walker.Stranger] = (await host.MemberAsync(admin, own["teamId"], "owner")).Token,
                [Walker.Viewer] = (await host.MemberAsync(admin, theirs["teamId"], "viewer")).Token,
                [Walker.Auditor] = (await host.CallerAsync("auditor", IdentityHost.Secret)).Token,
                [Walker.Admin] = admin.Token,
            },
            Values = theirs,
            Theirs = [.. theirs.Values, "private"],
            Own = [.. own.Values, "strangers"],
        };
    }

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
