using System.Net;
using ApiSvc.AiAdapter.Tests.Hosting;

namespace ApiSvc.AiAdapter.Tests.Management;

public sealed class ConnectionTests
{
    [Fact]
    public async Task Create_BuiltInAndCustom_AreReadAsTheyWereGiven()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var connections = $"/v1/teams/{team}/connections";
        var azure = new
        {
            name = "azure",
            provider = "azure-openai",
            places = new { resource = "acme-eu" },
            apiVersion = "2026-10-01",
        };
        var custom = new
        {
            name = "own-llm",
            custom = new
            {
                address = "http://127.0.0.1:8000/v1",
                local = true,
                authentication = new { kind = "header", header = "X-Key" },
                quirks = new { maxTokens = true },
            },
        };

        var first = (await owner.PostAsync(connections, azure)).ShouldBe(HttpStatusCode.Created);
        var second = (await owner.PostAsync(connections, custom)).ShouldBe(HttpStatusCode.Created);

        var read = await owner.GetAsync($"{connections}/{first.Id}");
        read.Text.ShouldBe(first.Text);
        read.ETag.ShouldBe(first.ETag);
        read.Json.GetProperty("places").GetProperty("resource").GetString().ShouldBe("acme-eu");
        var quirks = second.Json.GetProperty("custom").GetProperty("quirks");
        quirks.GetProperty("maxTokens").GetBoolean().ShouldBeTrue();
        (await owner.GetAsync(connections))
            .Json.GetProperty("items")
            .EnumerateArray()
            .Select(i => i.GetProperty("name").GetString())
            .ShouldBe(["azure", "own-llm"]);
    }

    [Fact]
    public async Task Create_WithFaults_IsToldAllOfThemAtOnce()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var connections = $"/v1/teams/{team}/connections";

        (await owner.PostAsync(connections, new { name = "a b", kind = "x" }))
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(["#/name pattern", "#/kind unknown_property"], ignoreOrder: true);
        (await owner.PostAsync(connections, new { name = "both" }))
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(["#/provider invalid"]);
        (
            await owner.PostAsync(
                connections,
                new
                {
                    name = "azure",
                    provider = "azure-openai",
                    places = new { region = "eu" },
                }
            )
        ).Violations.ShouldBe(
            ["#/places/resource required", "#/places/region unknown_property"],
            ignoreOrder: true
        );
        (
            await owner.PostAsync(
                connections,
                new
                {
                    name = "azure",
                    provider = "azure-openai",
                    places = new { resource = "evil.example/x" },
                }
            )
        ).Violations.ShouldBe(["#/places/resource pattern"]);
        (
            await owner.PostAsync(
                connections,
                new
                {
                    name = "openai",
                    custom = new
                    {
                        family = "smoke-signals",
                        address = "http://llm.example/v1",
                        headers = new Dictionary<string, string> { ["Authorization"] = "x" },
                    },
                }
            )
        ).Violations.ShouldBe(
            [
                "#/name not_allowed",
                "#/custom/family not_allowed",
                "#/custom/address format",
                "#/custom/headers/Authorization not_allowed",
            ],
            ignoreOrder: true
        );
    }

    [Theory]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://10.0.0.1/v1")]
    [InlineData("https://[::1]/v1")]
    public async Task Create_AddressInside_IsRefusedUnlessItIsAllowed(string address)
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();

        var answer = await owner.PostAsync(
            $"/v1/teams/{team}/connections",
            new { name = "inside", custom = new { address } }
        );

        answer.Violations.ShouldBe(["#/custom/address not_allowed"]);
    }

    [Fact]
    public async Task Create_NameTwice_IsAConflict_AndWithOneIdempotencyKeyIsOne()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var connections = $"/v1/teams/{team}/connections";
        var input = new { name = "main", provider = "openai" };

        var first = await owner.PostAsync(connections, input, key: "once");
        var again = await owner.PostAsync(connections, input, key: "once");

        again.ShouldBe(HttpStatusCode.Created).Text.ShouldBe(first.Text);
        (await owner.PostAsync(connections, input)).ShouldBeRefused(
            HttpStatusCode.Conflict,
            "name-taken"
        );
    }

    [Fact]
    public async Task Replace_NeedsTheTagOfWhatIsThere()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var id = await owner.ConnectionAsync(team);
        var place = $"/v1/teams/{team}/connections/{id}";
        var input = new
        {
            name = "renamed",
            provider = "openai",
            disabled = true,
        };

        (await owner.PutAsync(place, input, ifMatch: null)).ShouldBe(
            HttpStatusCode.PreconditionRequired
        );
        var changed = await owner.PutAsync(place, input, ifMatch: "\"1\"");
        changed.ShouldBe(HttpStatusCode.OK)["name"].ShouldBe("renamed");
        (await owner.PutAsync(place, input, ifMatch: "\"1\"")).ShouldBe(
            HttpStatusCode.PreconditionFailed
        );
    }

    [Fact]
    public async Task Replace_TheAddressUnderItsKeys_IsRefused()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var id = await owner.ConnectionAsync(team);
        var key = await owner.KeyAsync(team, id);
        var place = $"/v1/teams/{team}/connections/{id}";
        var elsewhere = new
        {
            name = "main",
            custom = new { address = "https://other.example/v1" },
        };

        (await owner.PutAsync(place, elsewhere)).ShouldBeRefused(
            HttpStatusCode.Conflict,
            "has-keys"
        );
        (await owner.DeleteAsync($"{place}/keys/{key}")).ShouldBe(HttpStatusCode.NoContent);
        (await owner.PutAsync(place, elsewhere)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Delete_WhatAModelUses_IsRefused()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var (connection, _, model) = await owner.ServeAsync(team);
        var place = $"/v1/teams/{team}/connections/{connection}";

        (await owner.DeleteAsync(place)).ShouldBeRefused(HttpStatusCode.Conflict, "in-use");
        await owner.DeleteAsync($"/v1/teams/{team}/virtual-models/{model}");
        (await owner.DeleteAsync(place)).ShouldBe(HttpStatusCode.NoContent);
        (await owner.GetAsync(place)).ShouldBe(HttpStatusCode.NotFound);
        (await host.QueryAsync<long>("select count(*) from provider_key")).ShouldBe(0);
    }
}
