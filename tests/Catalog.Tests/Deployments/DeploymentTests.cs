using System.Net;
using System.Text.Json;
using ApiSvc.Catalog.Tests.Hosting;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Sync;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Api = ApiSvc.Contracts.GatewayConfig.V1.Api;
using ApiKind = ApiSvc.ServiceDefaults.Identifiers.ApiKind;

namespace ApiSvc.Catalog.Tests.Deployments;

public sealed class DeploymentTests
{
    [Fact]
    public async Task Deploy_RollBackUndeploy_AreExactlyTheRevisionsAtTheGateways()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));
        var place = $"/v1/versions/{version}/environments/sandbox";
        var unbound = await owner.DeployAsync(version);
        await owner.BindAsync(version, url: "https://one.example");
        var first = await owner.DeployAsync(version);
        await owner.BindAsync(version, url: "https://two.example");
        var beforeSecond = await ApiAsync(host);
        var second = await owner.DeployAsync(version);
        var afterSecond = await ApiAsync(host);
        var back = await owner.PostAsync($"{place}/rollback", new { toRevision = 1 });
        var afterBack = await ApiAsync(host);
        var revisions = await owner.GetAsync($"{place}/revisions");
        var unknown = await owner.PostAsync($"{place}/rollback", new { toRevision = 9 });
        var gone = await owner.PostAsync($"{place}/undeploy", new { });
        var again = await owner.PostAsync($"{place}/undeploy", new { });

        unbound.ShouldBeRefused(HttpStatusCode.Conflict, "not-deployable");
        unbound.Violations.ShouldBe(["upstream:default not_bound"]);
        first.ShouldBe(HttpStatusCode.OK);
        // What is set holds from the next deployment on.
        beforeSecond!.Revision.ShouldBe(1u);
        beforeSecond.Upstreams[0].Addresses[0].Url.ShouldBe("https://one.example");
        afterSecond!.Revision.ShouldBe(2u);
        afterSecond.Upstreams[0].Addresses[0].Url.ShouldBe("https://two.example");
        afterBack.ShouldBe(beforeSecond);
        afterBack!.BasePath.ShouldBe("/acme/orders");
        afterBack
            .Operations.Select(o => $"{o.Method} {o.PathTemplate}")
            .ShouldBe(
                ["GET /orders", "GET /orders/{id}", "DELETE /orders/{id}"],
                ignoreOrder: true
            );
        Generation(second).ShouldBe(Generation(first) + 1);
        Generation(back).ShouldBe(Generation(second) + 1);
        revisions
            .Json.GetProperty("items")
            .EnumerateArray()
            .Select(r => $"{r.GetProperty("number")} {r.GetProperty("current")}")
            .ShouldBe(["2 False", "1 True"]);
        unknown.ShouldBe(HttpStatusCode.NotFound);
        gone.ShouldBe(HttpStatusCode.OK);
        (await ApiAsync(host)).ShouldBeNull();
        again.ShouldBeRefused(HttpStatusCode.Conflict, "not-deployed");
        (await host.ResourcesAsync<Api>("production", ResourceKind.Api)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deploy_VersionThatContradictsItself_IsRefusedWithAllContradictions()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));
        await owner.BindAsync(version);
        await owner.OfferAsync(version, await owner.PlanAsync(team));
        await SetPoliciesAsync(
            owner,
            $"versions/{version}",
            new
            {
                type = "authentication",
                settings = new { methods = new[] { new { anonymous = new { } } } },
            },
            new { type = "upstream", settings = new { name = "reports" } }
        );

        var refused = await owner.DeployAsync(version);
        await SetPoliciesAsync(owner, $"versions/{version}");
        var repaired = await owner.DeployAsync(version);

        refused.ShouldBeRefused(HttpStatusCode.Conflict, "not-deployable");
        refused.Violations.ShouldBe(
            ["version anonymous_with_plans", "version unknown_upstream"],
            ignoreOrder: true
        );
        repaired.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task SetPoliciesAsync(
        Party owner,
        string place,
        params object[] policies
    ) =>
        (await owner.PutAsync($"/v1/{place}/policies", new { policies }, ifMatch: "*")).ShouldBe(
            HttpStatusCode.OK
        );

    [Fact]
    public async Task Deploy_RepeatedWithItsKey_IsOneRevision()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));
        await owner.BindAsync(version);
        var path = $"/v1/versions/{version}/environments/sandbox/deploy";

        var first = await owner.PostAsync(path, new { comment = "a" }, key: "k");
        var repeated = await owner.PostAsync(
            path + "?wait=all&timeout=1s",
            new { comment = "a" },
            key: "k"
        );
        var other = await owner.PostAsync(path, new { comment = "b" }, key: "k");

        first.ShouldBe(HttpStatusCode.OK);
        repeated.ShouldBe(HttpStatusCode.OK).Text.ShouldBe(first.Text);
        other.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await host.QueryAsync<long>("select count(*) from revision")).ShouldBe(1);
    }

    [Fact]
    public async Task Deploy_WaitingForANodeThatIsSilent_NamesIt()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));
        await owner.BindAsync(version);
        var configuration = new GatewayConfig.GatewayConfigClient(host.Channel);
        var service = host.Of(null, "service");
        using var stream = configuration.WatchConfig(
            new Follower { Group = "sandbox", Node = "silent" },
            service.Headers
        );
        (await stream.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        var client = new Contracts.Catalog.V1.Deployments.DeploymentsClient(host.Channel);

        var deployed = await client.DeployAsync(
            new DeployRequest
            {
                VersionId = version,
                Environment = "sandbox",
                Wait = new Wait
                {
                    All = true,
                    Timeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(200)),
                },
            },
            owner.Headers
        );
        await configuration.AcknowledgeAsync(
            QuarantineOf(version, deployed.Generation),
            service.Headers
        );
        var waited = await owner.PostAsync(
            $"/v1/versions/{version}/environments/sandbox/rollback?wait=all&timeout=200ms",
            new { toRevision = 1 }
        );
        var nodes = await host.Of(null, "operator").GetAsync("/v1/environments/sandbox/nodes");
        var unknownWait = await owner.PostAsync(
            $"/v1/versions/{version}/environments/sandbox/deploy?wait=some&timeout=soon",
            new { }
        );

        deployed.WaitingForNodes.ShouldBe(["silent"]);
        // The same again is no new generation, and that one was acknowledged.
        waited.ShouldBe(HttpStatusCode.OK);
        waited.Json.GetProperty("waitingForNodes").GetArrayLength().ShouldBe(0);
        var node = nodes.ShouldBe(HttpStatusCode.OK).Json.GetProperty("items")[0];
        node.GetProperty("quarantined")[0].GetProperty("id").GetString().ShouldBe(version);
        node.GetProperty("refused").GetProperty("reason").GetString().ShouldBe("two hosts");
        unknownWait.ShouldBe(HttpStatusCode.BadRequest).Violations.Length.ShouldBe(2);
        (await owner.GetAsync("/v1/environments/sandbox/nodes")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Deploy_OfADraft_IsForTheSandboxOnly()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));
        await owner.BindAsync(version, "production");

        var draft = await owner.DeployAsync(version, "production");
        await owner.PublishAsync(version);
        var published = await owner.DeployAsync(version, "production");
        var nowhere = await owner.DeployAsync(version, "moon");
        var deleted = await owner.DeleteAsync(
            $"/v1/apis/{new Id<ApiKind>(await host.QueryAsync<Guid>("select id from api"))}"
        );

        draft.ShouldBeRefused(HttpStatusCode.Conflict, "not-approved");
        published.ShouldBe(HttpStatusCode.OK);
        nowhere.ShouldBe(HttpStatusCode.NotFound);
        deleted.ShouldBeRefused(HttpStatusCode.Conflict, "still-deployed");
    }

    [Fact]
    public async Task Deploy_OfTwoVersionsAtOnePath_NeedsSelectors()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var api = await owner.ApiAsync(team);
        var first = await owner.ImportAsync(api);
        var second = await owner.ImportAsync(api, "v2");
        await owner.BindAsync(first);
        await owner.BindAsync(second);
        (await owner.DeployAsync(first)).ShouldBe(HttpStatusCode.OK);

        var clash = await owner.DeployAsync(second);
        await SelectAsync(first, "1", isDefault: true);
        await SelectAsync(second, "2", isDefault: false);
        (await owner.DeployAsync(first)).ShouldBe(HttpStatusCode.OK);
        var beside = await owner.DeployAsync(second);

        clash.ShouldBeRefused(HttpStatusCode.Conflict, "base-path-shared");
        beside.ShouldBe(HttpStatusCode.OK);
        (await host.ResourcesAsync<Api>("sandbox", ResourceKind.Api)).Count.ShouldBe(2);

        async Task SelectAsync(string version, string value, bool isDefault) =>
            (
                await owner.PutAsync(
                    $"/v1/versions/{version}",
                    new
                    {
                        selector = new
                        {
                            source = "header",
                            name = "x-version",
                            value,
                            isDefault,
                        },
                    }
                )
            ).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Policies_OfFourLevels_AreInTheRevisionAndExplained()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));
        await owner.BindAsync(version);
        var wrong = await owner.PutAsync(
            $"/v1/versions/{version}/policies",
            new
            {
                policies = new object[]
                {
                    new { type = "limit", settings = new { } },
                    new { type = "magic", settings = new { } },
                },
            }
        );
        var cors = new[]
        {
            new
            {
                type = "cors",
                settings = new { allowedOrigins = new[] { "https://a.example" } },
            },
        };
        (
            await host.Of(null, "operator")
                .PutAsync("/v1/platform/policies", new { policies = cors })
        ).ShouldBe(HttpStatusCode.OK);
        (await owner.PutAsync($"/v1/teams/{team}/policies", new { policies = cors })).ShouldBe(
            HttpStatusCode.OK
        );
        var effective = await owner.GetAsync($"/v1/versions/{version}/effective-policies");
        (await owner.DeployAsync(version)).ShouldBe(HttpStatusCode.OK);

        wrong.ShouldBe(HttpStatusCode.BadRequest).Violations.Length.ShouldBeGreaterThanOrEqualTo(2);
        (await owner.PutAsync("/v1/platform/policies", new { policies = cors })).ShouldBe(
            HttpStatusCode.Forbidden
        );
        var holds = effective.ShouldBe(HttpStatusCode.OK).Json.GetProperty("policies")[0];
        holds.GetProperty("level").GetString().ShouldBe("team");
        holds.GetProperty("replaced")[0].GetString().ShouldBe("platform");
        (await ApiAsync(host))!.Policies.ShouldHaveSingleItem().Type.ShouldBe("cors");
    }

    [Theory]
    [InlineData("http://10.1.2.3")]
    [InlineData("http://127.1/x")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://a.localhost")]
    [InlineData("http://[::1]/")]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("ftp://orders.example")]
    [InlineData("https://user:pass@orders.example")]
    [InlineData("orders.example")]
    public async Task Binding_ToAnAddressThatMayNotBeCalled_IsRefused(string url)
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));

        var answer = await owner.PutAsync(
            $"/v1/versions/{version}/environments/sandbox/bindings/default",
            new { addresses = new[] { new { url = "https://orders.example" }, new { url } } }
        );

        answer
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldHaveSingleItem()
            .ShouldStartWith("#/addresses/1/url");
        (await host.QueryAsync<long>("select count(*) from binding")).ShouldBe(0);
    }

    [Fact]
    public async Task Binding_ToAPrivateAddressThatConfigurationAllows_IsTaken()
    {
        await using var host = await CatalogHost.StartAsync(
            ("Egress:AllowedNetworks:0", "127.0.0.0/8")
        );
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));

        await owner.BindAsync(version, url: "http://localhost:8080");
        await owner.BindAsync(version, url: "http://127.0.0.1:8080");
    }

    private static Acknowledgement QuarantineOf(string version, ulong generation) =>
        new Acknowledgement
        {
            Group = "sandbox",
            Node = "silent",
            Applied = generation,
            Quarantined =
            {
                new Quarantined
                {
                    Resource = new ResourceKey
                    {
                        Kind = (uint)ResourceKind.Api,
                        Id = Google.Protobuf.ByteString.CopyFrom(
                            Id<VersionKind>.Parse(version).Value.ToByteArray(bigEndian: true)
                        ),
                    },
                    Pointer = "/policies/0",
                    Reason = "unknown",
                },
            },
            Refusal = new Refusal { Generation = generation + 1, Reason = "two hosts" },
        };

    private static long Generation(Answer answer) =>
        answer.ShouldBe(HttpStatusCode.OK).Json.GetProperty("generation").GetInt64();

    private static async Task<Api?> ApiAsync(CatalogHost host) =>
        (await host.ResourcesAsync<Api>("sandbox", ResourceKind.Api)).SingleOrDefault();
}
