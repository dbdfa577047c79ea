using System.Net;
using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.Testing;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace ApiSvc.AiAdapter.Tests.Configuration;

public sealed class SnapshotTests
{
    [Fact]
    public async Task VirtualModel_IsServed_WithItsKeyTraitsAndPrices()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var (_, _, id) = await owner.ServeAsync(team);

        var served = await host.ServedAsync(team, "assistant");

        var target = served.Router.Model.Targets.ShouldHaveSingleItem();
        target.Deployment.Name.ShouldBe("main/gpt-6-astra");
        target.Deployment.Provider.Name.ShouldBe("openai");
        target.Deployment.Traits.ContextTokens.ShouldBe(1_050_000);
        target.Keys.ShouldHaveSingleItem().Name.ShouldBe("main/first");
        target.Keys[0].Credential.Secret.ShouldBe(Scene.Secret);
        served.Prices["main/gpt-6-astra"].Prices.ShouldNotBeEmpty();
        var state = await owner.GetAsync($"/v1/teams/{team}/virtual-models/{id}/state");
        state["state"].ShouldBe("served");
    }

    [Fact]
    public async Task Router_OfWhatDidNotChange_StaysTheSameObject()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var (connection, key, _) = await owner.ServeAsync(team);
        var before = (await host.ServedAsync(team, "assistant")).Router;

        await owner.VirtualModelAsync(team, connection, "second");
        await host.ServedAsync(team, "second");
        host.Find(team, "assistant")!.Router.ShouldBeSameAs(before);

        await owner.PostAsync(
            $"/v1/teams/{team}/connections/{connection}/keys/{key}/rotate",
            new { key = "sk-another-one" },
            ifMatch: "*"
        );
        await Eventually.HoldsAsync(
            () => host.Find(team, "assistant")!.Router != before,
            "the rotated key is used"
        );
        host.Find(team, "assistant")!
            .Router.Model.Targets[0]
            .Keys[0]
            .Credential.Secret.ShouldBe("sk-another-one");
    }

    [Fact]
    public async Task Key_OfTwoModels_HasItsLimitsOnce()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var (connection, key, _) = await owner.ServeAsync(team);
        await owner.PutAsync(
            $"/v1/teams/{team}/connections/{connection}/keys/{key}",
            new { name = "first", parallel = 1 }
        );
        await owner.VirtualModelAsync(team, connection, "second");
        await host.ServedAsync(team, "second");
        var (first, second) = (Router("assistant"), Router("second"));

        using (first.Begin(new()).Next().ShouldNotBeNull())
        {
            second.Begin(new()).Next().ShouldBeNull();
        }

        second.Begin(new()).Next().ShouldNotBeNull().Dispose();

        Router Router(string name) => host.Find(team, name)!.Router;
    }

    [Fact]
    public async Task BadRows_AreQuarantinedWithAReason_AndStopNothingElse()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var (connection, _, good) = await owner.ServeAsync(team);
        var broken = await owner.ConnectionAsync(team, "broken");
        await owner.KeyAsync(team, broken);
        var bad = await owner.VirtualModelAsync(team, broken, "bad");
        var unreadable = await owner.VirtualModelAsync(team, connection, "unreadable");
        await host.ServedAsync(team, "bad");

        await host.ExecuteAsync(
            """
            update provider_key set secret = '\x00' where connection_id = (select id from connection where name = 'broken');
            update virtual_model set strategy = 'ByTheMoon' where name = 'unreadable';
            """
        );

        await Eventually.HoldsAsync(
            () => host.Find(team, "bad") is null && host.Find(team, "unreadable") is null,
            "the bad ones are left out"
        );
        host.Find(team, "assistant").ShouldNotBeNull();
        host.Configuration.Teams[team.Value]
            .Quarantined.Keys.ShouldBe(["bad", "unreadable"], ignoreOrder: true);
        var state = await owner.GetAsync($"/v1/teams/{team}/virtual-models/{bad}/state");
        state["state"].ShouldBe("quarantined");
        state["problems"].ShouldContain("no sealed value");
        (await owner.GetAsync($"/v1/teams/{team}/virtual-models/{good}/state"))["state"]
            .ShouldBe("served");
        (await owner.GetAsync($"/v1/teams/{team}/virtual-models/{unreadable}/state"))["state"]
            .ShouldBe("quarantined");
    }

    [Fact]
    public async Task Disabled_IsNotServed()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var (connection, _, _) = await owner.ServeAsync(team);
        await host.ServedAsync(team, "assistant");

        await owner.PutAsync(
            $"/v1/teams/{team}/connections/{connection}",
            new
            {
                name = "main",
                provider = "openai",
                disabled = true,
            }
        );

        await Eventually.HoldsAsync(
            () => host.Find(team, "assistant") is null,
            "nothing is sent over it"
        );
        host.Configuration.Teams[team.Value].Quarantined["assistant"].ShouldContain("disabled");
    }

    [Fact]
    public async Task ConnectionLost_WhatChangedMeanwhileIsReadAfterwards()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        var (connection, _, _) = await owner.ServeAsync(team);
        var router = (await host.ServedAsync(team, "assistant")).Router;

        // Its notifications are lost with the connection that listens.
        await host.ExecuteAsync(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid();
            """
        );
        NpgsqlConnection.ClearAllPools();
        var added = await Eventually.GetAsync(
            () =>
                owner.PostAsync(
                    $"/v1/teams/{team}/virtual-models",
                    new
                    {
                        name = "later",
                        targets = new[]
                        {
                            new { connectionId = connection, model = "gpt-6-astra" },
                        },
                    }
                ),
            answer => answer.Status == HttpStatusCode.Created
        );

        added.ShouldBe(HttpStatusCode.Created);
        await host.ServedAsync(team, "later");
        host.Find(team, "assistant")!.Router.ShouldBeSameAs(router);
    }

    [Fact]
    public async Task DatabaseAway_TheLastStateIsServed_AndTheNextOneWhenItIsBack()
    {
        await using var host = await AiHost.StartAsync();
        var (team, owner) = host.NewTeam();
        await owner.ServeAsync(team);
        var served = await host.ServedAsync(team, "assistant");
        var database = new NpgsqlConnectionStringBuilder(host.Database);
        var name = database.Database;
        database.Database = "postgres";

        await using (var server = new NpgsqlConnection(database.ConnectionString))
        {
            await server.ExecuteAsync(
                $"""
                alter database {name} allow_connections false;
                select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}';
                """
            );
            var state = host.Services.GetRequiredService<ConfigurationState>();
            await Eventually.HoldsAsync(
                () => state.Trouble is not null,
                "it knows that it is deaf"
            );

            host.Find(team, "assistant").ShouldBeSameAs(served);
            var health = await new ConfigurationHealthCheck(state).CheckHealthAsync(new());
            health.Status.ShouldBe(HealthStatus.Healthy);
            health.Description.ShouldNotBeNull().ShouldContain("cannot be read");
            await server.ExecuteAsync($"alter database {name} allow_connections true");
        }

        NpgsqlConnection.ClearAllPools();
        await host.ExecuteAsync("update virtual_model set disabled = true");
        await Eventually.HoldsAsync(
            () => host.Find(team, "assistant") is null,
            "what changed is served again"
        );
    }

    [Fact]
    public async Task Health_BeforeTheFirstReading_SaysWhy()
    {
        var state = new ConfigurationState(compiler: null!);

        var result = await new ConfigurationHealthCheck(state).CheckHealthAsync(new());

        result.Status.ShouldBe(HealthStatus.Unhealthy);
        result.Description.ShouldNotBeNull().ShouldContain("not read yet");
    }
}
