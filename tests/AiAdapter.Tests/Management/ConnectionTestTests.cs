using System.Net;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.AiAdapter.Tests.Translation;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.Tests.Management;

public sealed class ConnectionTestTests(FakeProviderServer server)
    : IClassFixture<FakeProviderServer>
{
    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task Test_ProviderAnswers_SaysWhoAndWhatItCame(string family)
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var connection = await ConnectAsync(owner, team, family);

        var answer = await TestAsync(owner, team, connection, "plain");

        answer["succeeded"].ShouldBe("True");
        answer["status"].ShouldBe("200");
        answer["key"].ShouldBe("fake/first");
        answer.Json.GetProperty("outputTokens").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Test_ProviderRefuses_SaysWhy()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var connection = await ConnectAsync(owner, team, "openai-chat");

        var answer = await TestAsync(owner, team, connection, "error:401");

        answer["succeeded"].ShouldBe("False");
        answer["status"].ShouldBe("401");
        answer
            .Json.GetProperty("failure")
            .GetProperty("kind")
            .GetString()
            .ShouldBe("authentication");
    }

    [Fact]
    public async Task Test_NobodyThere_IsUnreachable_AndNoKeyIsUnsound()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var custom = new { address = "http://127.0.0.1:9/v1", local = true };
        var connection = (
            await owner.PostAsync($"/v1/teams/{team}/connections", new { name = "gone", custom })
        ).Id;

        var unsound = await TestAsync(owner, team, connection, "m");
        await owner.KeyAsync(team, connection);
        var unreachable = await TestAsync(owner, team, connection, "m");

        Kind(unsound).ShouldBe("unsound");
        Kind(unreachable).ShouldBe("unreachable");
        (await owner.PostAsync($"/v1/teams/{team}/connections/{connection}/test", new { }))
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(["#/model required"]);

        static string? Kind(Answer answer) =>
            answer.Json.GetProperty("failure").GetProperty("kind").GetString();
    }

    private async Task<string> ConnectAsync(Party owner, Id<TeamKind> team, string family)
    {
        var address = server.Deployment(family, "plain").Provider.Address;
        var custom = new
        {
            family,
            address,
            local = true,
        };
        var connection = (
            await owner.PostAsync($"/v1/teams/{team}/connections", new { name = "fake", custom })
        )
            .ShouldBe(HttpStatusCode.Created)
            .Id;
        await owner.KeyAsync(team, connection);
        return connection;
    }

    private static async Task<Answer> TestAsync(
        Party owner,
        Id<TeamKind> team,
        string connection,
        string model
    ) =>
        (
            await owner.PostAsync($"/v1/teams/{team}/connections/{connection}/test", new { model })
        ).ShouldBe(HttpStatusCode.OK);
}
