using System.Net;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.Testing;

namespace ApiSvc.AiAdapter.Tests.Management;

public sealed class VirtualModelTests
{
    [Fact]
    public async Task Create_WithTargetsOfOthers_IsRefusedWithItsPlaces()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var (otherTeam, other) = host.NewTeam();
        var connection = await owner.ConnectionAsync(team);
        var second = await owner.ConnectionAsync(team, "second");
        var key = await owner.KeyAsync(team, second);
        var theirs = await other.ConnectionAsync(otherTeam);

        var answer = await owner.PostAsync(
            $"/v1/teams/{team}/virtual-models",
            new
            {
                name = "assistant",
                targets = new object[]
                {
                    new { connectionId = theirs, model = "m" },
                    new
                    {
                        connectionId = connection,
                        model = "m",
                        keyIds = new[] { key },
                    },
                },
            }
        );

        answer.Violations.ShouldBe(
            ["#/targets/0/connectionId not_allowed", "#/targets/1/keyIds/0 not_allowed"],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task Names_OfModelsAndAliases_AreOneSet()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var (connection, _, first) = await owner.ServeAsync(team);
        var second = await owner.VirtualModelAsync(team, connection, "other/model:1");
        var alias = $"/v1/teams/{team}/aliases";
        (await owner.PutAsync($"{alias}/fast", new { virtualModelId = first })).ShouldBe(
            HttpStatusCode.OK
        );

        (
            await owner.PutAsync($"{alias}/assistant", new { virtualModelId = second })
        ).ShouldBeRefused(HttpStatusCode.Conflict, "name-taken");
        (
            await owner.PostAsync(
                $"/v1/teams/{team}/virtual-models",
                new
                {
                    name = "fast",
                    targets = new[] { new { connectionId = connection, model = "m" } },
                }
            )
        ).ShouldBeRefused(HttpStatusCode.Conflict, "name-taken");
        (
            await owner.PutAsync(
                $"/v1/teams/{team}/virtual-models/{second}",
                new
                {
                    name = "assistant",
                    targets = new[] { new { connectionId = connection, model = "m" } },
                }
            )
        ).ShouldBeRefused(HttpStatusCode.Conflict, "name-taken");

        (await owner.PutAsync($"{alias}/fast", new { virtualModelId = second })).ShouldBe(
            HttpStatusCode.OK
        );
        await Eventually.HoldsAsync(
            () => host.Find(team, "fast")?.Name == "other/model:1",
            "the alias stands for the other model"
        );
        (await owner.DeleteAsync($"{alias}/fast")).ShouldBe(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(() => host.Find(team, "fast") is null, "the alias is gone");
    }

    [Fact]
    public async Task OwnModel_WithWrongPrices_IsToldWhere_AndRightOnesCount()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var (_, _, _) = await owner.ServeAsync(team);
        var models = $"/v1/teams/{team}/models";
        object Model(params object[] prices) =>
            new
            {
                provider = "openai",
                name = "gpt-6-astra",
                about = new { maxOutputTokens = 777 },
                prices,
            };

        (
            await owner.PostAsync(
                models,
                Model(
                    new
                    {
                        from = "2026-01-01",
                        input = 0.0000001m,
                        output = 2,
                    }
                )
            )
        ).Violations.ShouldBe(["#/prices/0/input invalid"]);
        (
            await owner.PostAsync(
                models,
                Model(
                    new
                    {
                        from = "2026-01-01",
                        currency = "EUR",
                        input = 1.5m,
                        output = 2,
                    }
                )
            )
        ).ShouldBe(HttpStatusCode.Created);

        var served = await Eventually.GetAsync(
            () => Task.FromResult(host.Find(team, "assistant")),
            m => m?.Prices["main/gpt-6-astra"].Prices[0].Currency == "EUR"
        );
        served!.Router.Model.Targets[0].Deployment.Traits.MaxOutputTokens.ShouldBe(777);
        served.Prices["main/gpt-6-astra"].Prices[0].Standard.Rates.Input.ShouldBe(1_500_000);
    }

    [Fact]
    public async Task Catalogue_IsFilteredAndPaged()
    {
        await using var host = await AiHost.StartAsync();
        var (_, owner) = host.NewTeam();

        var providers = (await owner.GetAsync("/v1/providers?limit=200")).Json.GetProperty("items");
        providers.GetArrayLength().ShouldBeGreaterThanOrEqualTo(72);
        var azure = providers
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == "azure-openai");
        azure.GetProperty("places")[0].GetString().ShouldBe("resource");

        var page = await owner.GetAsync(
            "/v1/models?provider=anthropic&ability=vision&kind=chat&limit=2"
        );
        var items = page.ShouldBe(HttpStatusCode.OK).Json.GetProperty("items");
        items.GetArrayLength().ShouldBe(2);
        foreach (var model in items.EnumerateArray())
        {
            model.GetProperty("provider").GetString().ShouldBe("anthropic");
            model.GetProperty("prices")[0].GetProperty("input").GetDecimal().ShouldBeGreaterThan(0);
        }

        var next = await owner.GetAsync(
            $"/v1/models?provider=anthropic&ability=vision&kind=chat&limit=2&cursor={page["nextCursor"]}"
        );
        next.Json.GetProperty("items")[0]
            .GetProperty("id")
            .GetString()
            .ShouldNotBe(items[0].GetProperty("id").GetString());
        (await owner.GetAsync("/v1/models?kind=poem")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task OpenApi_DescribesEveryPath()
    {
        await using var host = await AiHost.StartAsync();
        var (_, owner) = host.NewTeam();

        var document = (await owner.GetAsync("/openapi/v1.json")).ShouldBe(HttpStatusCode.OK).Json;

        document.GetProperty("openapi").GetString().ShouldNotBeNull().ShouldStartWith("3.1");
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();
        paths.ShouldContain("/v1/teams/{teamId}/connections/{connectionId}/keys/{keyId}/rotate");
        paths.ShouldContain("/v1/teams/{teamId}/budgets/{budgetId}/use");
        paths.Count(p => p.StartsWith("/v1/", StringComparison.Ordinal)).ShouldBeGreaterThan(15);
        var secret = document
            .GetProperty("components")
            .GetProperty("schemas")
            .GetProperty("ProviderSecret")
            .GetProperty("properties");
        secret.GetProperty("key").GetProperty("minLength").GetInt32().ShouldBe(8);
    }
}
