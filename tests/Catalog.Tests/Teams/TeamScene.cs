using System.Net;
using System.Text;
using ApiSvc.AccessWalk;
using ApiSvc.Catalog.Tests.Hosting;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Catalog.Tests.Teams;

/// <summary>Two teams with one of everything each; the walk asks for what the first has.</summary>
internal static class TeamScene
{
    private const string CustomRole = "custom";

    public static async Task<WalkScene> OpenAsync(CatalogHost host)
    {
        AddRole(host, CustomRole, "applications.read", "plans.write", "subscriptions.read");
        var (team, owner) = host.NewTeam("acme");
        var (otherTeam, stranger) = host.NewTeam("strangers");
        var theirs = await FurnishAsync(host, team, owner);
        var own = await FurnishAsync(host, otherTeam, stranger);
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
            Theirs = [.. theirs.Values, "acme"],
            Own = [.. own.Values, "strangers"],
            Stir = async () =>
            {
                await RenameAsync(owner, theirs["apiId"]);
                await RenameAsync(stranger, own["apiId"]);
            },
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
                    var (of, its) = host.NewTeam($"team-of-{name}");
                    var furnished = await FurnishAsync(host, of, its);
                    return new(host.Of(of, name).Token, WithNames(furnished))
                    {
                        Stir = () => RenameAsync(its, furnished["apiId"]),
                    };
                }
            );

        async Task<WalkRoleScene> OpenOperatorAsync()
        {
            var (of, its) = host.NewTeam("team-of-nobody");
            var furnished = await FurnishAsync(host, of, its);
            return new(host.Of(null, "operator").Token, WithNames(furnished))
            {
                Stir = () => RenameAsync(its, furnished["apiId"]),
            };
        }
    }

    private static Dictionary<string, string> WithNames(Dictionary<string, string> furnished) =>
        new(furnished)
        {
            ["versionName"] = "v1",
            ["environment"] = "sandbox",
            ["upstream"] = "default",
            ["specification"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Scene.Document)),
        };

    // As Identity streams it once an administrator has made it.
    private static void AddRole(CatalogHost host, string name, params string[] permissions) =>
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
        CatalogHost host,
        Id<TeamKind> team,
        Party owner
    )
    {
        var api = await owner.ApiAsync(team, visibility: "listedTeams");
        var version = await owner.ImportAsync(api);
        var plan = await owner.PlanAsync(team);
        await owner.OfferAsync(version, plan);
        await owner.PublishAsync(version);
        await owner.BindAsync(version);
        (await owner.DeployAsync(version)).ShouldBe(HttpStatusCode.OK);
        var application = await owner.ApplicationAsync(team);
        var subscription = await owner.SubscribeAsync(application, api, plan);
        var operations = await owner.GetAsync($"/v1/versions/{version}/operations");
        return new()
        {
            ["teamId"] = team.ToString(),
            ["apiId"] = api,
            ["spareApiId"] = await owner.ApiAsync(team, "spare", "listedTeams"),
            ["versionId"] = version,
            ["planId"] = plan,
            ["applicationId"] = application,
            ["spareApplicationId"] = await owner.ApplicationAsync(team, "spare"),
            ["subscriptionId"] = subscription.ShouldBe(HttpStatusCode.Created).Id,
            ["operationId"] = operations
                .Json.GetProperty("items")[0]
                .GetProperty("id")
                .GetString()!,
            ["basePathId"] = new Id<BasePathKind>(
                await host.QueryAsync<Guid>(
                    "select id from base_path where team_id = @team",
                    new { team = team.Value }
                )
            ).ToString(),
        };
    }

    private static async Task RenameAsync(Party owner, string api)
    {
        var changed = await owner.PutAsync(
            $"/v1/apis/{api}",
            new
            {
                slug = "orders",
                name = $"Orders {Guid.NewGuid()}",
                visibility = "listedTeams",
            }
        );
        changed.ShouldBe(HttpStatusCode.OK);
    }
}
