using System.Net;
using ApiSvc.AccessWalk;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AiAdapter.Tests.Management;

/// <summary>Two teams with one of everything each; the walk asks for what the first has.</summary>
internal static class AccessScene
{
    private const string CustomRole = "custom";

    public static async Task<WalkScene> OpenAsync(AiHost host)
    {
        AddRole(host, CustomRole, "ai.budgets.write", "ai.read");
        var (team, owner) = host.NewTeam();
        var (otherTeam, stranger) = host.NewTeam();
        var theirs = await FurnishAsync(team, owner);
        var own = await FurnishAsync(otherTeam, stranger);
        return new()
        {
            Tokens = new Dictionary<Walker, string>
            {
                [Walker.Stranger] = stranger.Token,
                [Walker.Viewer] = host.Of(team, "viewer").Token,
                [Walker.Auditor] = host.Of(null, "auditor").Token,
                [Walker.Admin] = host.Of(null, "admin").Token,
            },
            Values = WithNames(theirs),
            Theirs = [.. theirs.Values],
            Own = [.. own.Values],
            Stir = () => Task.CompletedTask,
            Roles =
            [
                Role("owner"),
                Role("publisher"),
                Role("consumer"),
                Role(CustomRole),
                new("operator", () => OpenAsync("nobody", host.Of(null, "operator").Token))
                {
                    IsOfPlatform = true,
                },
            ],
        };

        WalkRole Role(string name) => new(name, () => OpenAsync(name, token: null));

        async Task<WalkRoleScene> OpenAsync(string role, string? token)
        {
            var (of, its) = host.NewTeam();
            var furnished = await FurnishAsync(of, its);
            return new(token ?? host.Of(of, role).Token, WithNames(furnished))
            {
                Stir = () => Task.CompletedTask,
            };
        }
    }

    private static Dictionary<string, string> WithNames(Dictionary<string, string> furnished) =>
        new(furnished) { ["alias"] = "fast" };

    // As Identity streams it once an administrator has made it.
    private static void AddRole(AiHost host, string name, params string[] permissions) =>
        host
            .Services.GetRequiredService<RoleTableState>()
            .Replace(
                new RoleTable([
                    .. BuiltInRoles.All.Select(r =>
                        KeyValuePair.Create(r.Name, (IReadOnlyCollection<string>)r.Permissions)
                    ),
                    KeyValuePair.Create(name, (IReadOnlyCollection<string>)permissions),
                ])
            );

    private static async Task<Dictionary<string, string>> FurnishAsync(
        Id<TeamKind> team,
        Party owner
    )
    {
        var (connection, key, model) = await owner.ServeAsync(team);
        var ownModel = await owner.PostAsync(
            $"/v1/teams/{team}/models",
            new { connectionId = connection, name = "own" }
        );
        await owner.PutAsync($"/v1/teams/{team}/aliases/fast", new { virtualModelId = model });
        return new()
        {
            ["teamId"] = team.ToString(),
            ["connectionId"] = connection,
            ["keyId"] = key,
            ["virtualModelId"] = model,
            ["modelId"] = ownModel.ShouldBe(HttpStatusCode.Created).Id,
            ["budgetId"] = await owner.BudgetAsync(
                team,
                new
                {
                    name = "all",
                    scope = "team",
                    unit = "tokens",
                    window = "day",
                    hard = 1000,
                }
            ),
        };
    }
}
