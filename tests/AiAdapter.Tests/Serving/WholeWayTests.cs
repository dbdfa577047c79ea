using System.Net;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.AiAdapter.Tests.Money;
using ApiSvc.AiAdapter.Tests.Translation;
using ApiSvc.Testing;

namespace ApiSvc.AiAdapter.Tests.Serving;

/// <summary>From what a team sets over REST to a call that is served, counted and refused by it.</summary>
public sealed class WholeWayTests(FakeProviderServer server) : IClassFixture<FakeProviderServer>
{
    [Fact]
    public async Task Calls_OfWhatATeamSetUp_AreServedPricedAndCapped()
    {
        await using var bench = await MoneyBench.StartAsync();
        var (host, team, owner) = (bench.Host, bench.Team, bench.Owner);
        var connection = await ConnectAsync(owner, $"/v1/teams/{team}");
        await owner.KeyAsync(team, connection);
        await owner.PostAsync(
            $"/v1/teams/{team}/models",
            new
            {
                connectionId = connection,
                name = "plain",
                prices = new[]
                {
                    new
                    {
                        from = "2026-01-01",
                        input = 1,
                        output = 2,
                    },
                },
            }
        );
        await owner.VirtualModelAsync(team, connection, model: "plain");
        var budget = await bench.BudgetAsync(hard: 1);
        await host.ServedAsync(team, "assistant");

        using var served = await AskAsync();
        var text = await served.Content.ReadAsStringAsync();
        served.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        await Eventually.HoldsAsync(
            async () => await bench.UsedAsync(budget) > 0,
            "the call is in the ledger"
        );
        using var refused = await AskAsync();

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        var spent = (await owner.GetAsync($"/v1/teams/{team}/spend?by=model"))
            .Json.GetProperty("rows")
            .EnumerateArray()
            .ShouldHaveSingleItem();
        spent.GetProperty("key").GetString().ShouldBe("assistant");
        spent.GetProperty("calls").GetInt32().ShouldBe(1);
        spent.GetProperty("cost").GetDecimal().ShouldBeGreaterThan(0);

        Task<HttpResponseMessage> AskAsync() =>
            host.CallAsync(
                team,
                "chat/completions",
                new
                {
                    model = "assistant",
                    messages = new[] { new { role = "user", content = "Hello" } },
                }
            );
    }

    [Fact]
    public async Task Call_OfAModelThatIsQuarantined_IsNotNow_AndOfNoneIsNotFound()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var connection = await ConnectAsync(owner, $"/v1/teams/{team}");
        await owner.VirtualModelAsync(team, connection, "keyless");
        await Eventually.HoldsAsync(
            () =>
                host.Configuration.Teams.TryGetValue(team.Value, out var t)
                && t.Quarantined.Count == 1,
            "it is quarantined"
        );

        using var quarantined = await host.CallAsync(team, "chat/completions", Body("keyless"));
        using var missing = await host.CallAsync(team, "chat/completions", Body("none"));

        quarantined.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        static object Body(string model) =>
            new { model, messages = new[] { new { role = "user", content = "Hello" } } };
    }

    private async Task<string> ConnectAsync(Party owner, string team)
    {
        var address = server.Deployment("openai-chat", "plain").Provider.Address;
        var custom = new { address, local = true };
        return (await owner.PostAsync($"{team}/connections", new { name = "fake", custom })).Id;
    }
}
