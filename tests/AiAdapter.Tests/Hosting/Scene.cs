using System.Net;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.Tests.Hosting;

/// <summary>What most tests begin with.</summary>
internal static class Scene
{
    /// <summary>A key that is found wherever it gets to.</summary>
    public const string Secret = "sk-test-7Qp2hidden8Zw9";

    public static async Task<string> ConnectionAsync(
        this Party owner,
        Id<TeamKind> team,
        string name = "main",
        string provider = "openai"
    ) =>
        (await owner.PostAsync($"/v1/teams/{team}/connections", new { name, provider }))
            .ShouldBe(HttpStatusCode.Created)
            .Id;

    public static async Task<string> KeyAsync(
        this Party owner,
        Id<TeamKind> team,
        string connection,
        string name = "first",
        string secret = Secret
    ) =>
        (
            await owner.PostAsync(
                $"/v1/teams/{team}/connections/{connection}/keys",
                new { name, secret = new { key = secret } }
            )
        )
            .ShouldBe(HttpStatusCode.Created)
            .Id;

    public static async Task<string> VirtualModelAsync(
        this Party owner,
        Id<TeamKind> team,
        string connection,
        string name = "assistant",
        string model = "gpt-6-astra"
    ) =>
        (
            await owner.PostAsync(
                $"/v1/teams/{team}/virtual-models",
                new { name, targets = new[] { new { connectionId = connection, model } } }
            )
        )
            .ShouldBe(HttpStatusCode.Created)
            .Id;

    public static async Task<string> BudgetAsync(
        this Party owner,
        Id<TeamKind> team,
        object budget
    ) =>
        (await owner.PostAsync($"/v1/teams/{team}/budgets", budget))
            .ShouldBe(HttpStatusCode.Created)
            .Id;

    /// <summary>A team with a connection, a key and a virtual model.</summary>
    public static async Task<(string Connection, string Key, string Model)> ServeAsync(
        this Party owner,
        Id<TeamKind> team
    )
    {
        var connection = await owner.ConnectionAsync(team);
        var key = await owner.KeyAsync(team, connection);
        return (connection, key, await owner.VirtualModelAsync(team, connection));
    }
}
