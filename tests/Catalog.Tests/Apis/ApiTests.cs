using System.Net;
using ApiSvc.Catalog.Tests.Hosting;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using Grpc.Core;

namespace ApiSvc.Catalog.Tests.Apis;

public sealed class ApiTests
{
    [Fact]
    public async Task Api_FromCreationToDeletion_KeepsTheConventions()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var path = $"/v1/teams/{team}/apis";

        var first = await owner.PostAsync(path, new { slug = "orders", name = "Orders" }, "k-1");
        var repeated = await owner.PostAsync(path, new { slug = "orders", name = "Orders" }, "k-1");
        var taken = await owner.PostAsync(path, new { slug = "orders", name = "Other" });
        var wrong = await owner.PostAsync(path, new { slug = "No!", nam = "x" });
        var api = $"/v1/apis/{first.ShouldBe(HttpStatusCode.Created).Id}";
        var blind = await owner.PutAsync(api, new { slug = "orders", name = "A" }, ifMatch: null);
        var changed = await owner.PutAsync(api, new { slug = "orders", name = "A" }, "\"1\"");
        var stale = await owner.PutAsync(api, new { slug = "orders", name = "B" }, "\"1\"");
        await owner.ApiAsync(team, "bills");
        var page = await owner.GetAsync("/v1/apis?limit=1");
        var next = await owner.GetAsync($"/v1/apis?limit=1&cursor={page["nextCursor"]}");
        var found = await owner.GetAsync("/v1/apis?search=bills");
        var deleted = await owner.DeleteAsync(api, "\"2\"");

        repeated.Text.ShouldBe(first.Text);
        taken.ShouldBeRefused(HttpStatusCode.Conflict, "slug-taken");
        wrong
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(
                ["#/slug pattern", "#/nam unknown_property", "#/name required"],
                ignoreOrder: true
            );
        blind.ShouldBe(HttpStatusCode.PreconditionRequired);
        changed.ShouldBe(HttpStatusCode.OK).ETag.ShouldBe("\"2\"");
        stale.ShouldBe(HttpStatusCode.PreconditionFailed);
        page.Json.GetProperty("items")[0].GetProperty("name").GetString().ShouldBe("A");
        next.Json.GetProperty("items")[0].GetProperty("name").GetString().ShouldBe("bills");
        found.Json.GetProperty("items").GetArrayLength().ShouldBe(1);
        deleted.ShouldBe(HttpStatusCode.NoContent);
        (await owner.GetAsync(api)).ShouldBe(HttpStatusCode.NotFound);
        (await host.QueryAsync<long>("select count(*) from service.audit_log")).ShouldBe(4);
        await Eventually.HoldsAsync(
            () => host.Events.All.Count(e => e.Type == "apisvc.events.v1.ApiChanged") == 4,
            "four events"
        );
    }

    [Fact]
    public async Task Grpc_ApisWithGarbage_NamesAllViolations()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var client = new Contracts.Catalog.V1.Apis.ApisClient(host.Channel);
        var request = new CreateApiRequest
        {
            TeamId = team.ToString(),
            Api = new Api { Slug = "orders", Name = "Orders" },
            IdempotencyKey = "k",
        };

        var first = await client.CreateApiAsync(request, owner.Headers);
        var repeated = await client.CreateApiAsync(request, owner.Headers);
        var listed = await client.ListApisAsync(new ListApisRequest { Limit = 1 }, owner.Headers);
        var wrong = await Should.ThrowAsync<RpcException>(() =>
            client
                .CreateApiAsync(
                    new CreateApiRequest
                    {
                        TeamId = team.ToString(),
                        Api = new Api { Slug = "NO", Kind = (Contracts.Catalog.V1.ApiKind)9 },
                    },
                    owner.Headers
                )
                .ResponseAsync
        );
        first.Name = "Changed";
        var changed = await client.UpdateApiAsync(
            new UpdateApiRequest { Api = first },
            owner.Headers
        );
        var stale = await Should.ThrowAsync<RpcException>(() =>
            client.UpdateApiAsync(new UpdateApiRequest { Api = first }, owner.Headers).ResponseAsync
        );

        repeated.ShouldBe(listed.Apis[0]);
        wrong.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        changed.Etag.ShouldBe("\"2\"");
        stale.StatusCode.ShouldBe(StatusCode.Aborted);
    }

    [Fact]
    public async Task Watch_ByTwoTeams_TellsEachWhatItMaySee()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var (otherTeam, other) = host.NewTeam("shop");
        var client = new Contracts.Catalog.V1.Apis.ApisClient(host.Channel);
        using var own = client.WatchApis(new WatchApisRequest(), owner.Headers);
        using var others = client.WatchApis(new WatchApisRequest(), other.Headers);
        await own.ResponseHeadersAsync;
        await others.ResponseHeadersAsync;

        var api = await owner.ApiAsync(team);
        var visible = await other.ApiAsync(otherTeam, "shop");

        (await NextAsync(own)).Api.Id.ShouldBe(api);
        // Nothing of the first: it is not offered to anybody yet.
        (await NextAsync(others)).Api.Id.ShouldBe(visible);
        (await owner.DeleteAsync($"/v1/apis/{api}")).ShouldBe(HttpStatusCode.NoContent);
        (await NextAsync(own)).DeletedApiId.ShouldBe(api);
    }

    [Fact]
    public async Task BasePath_OfAnotherTeam_IsTakenOrNeedsApproval()
    {
        await using var host = await CatalogHost.StartAsync();
        var (acme, owner) = host.NewTeam("acme");
        var (shop, other) = host.NewTeam("shop");
        var first = await owner.ApiAsync(acme);
        await owner.ImportAsync(first);
        var api = await other.ApiAsync(shop, "carts");

        var taken = await CreateAsync("/acme/orders");
        var under = await CreateAsync("/acme/orders/carts");
        var garbage = await CreateAsync("/a//b");
        var reserved = await CreateAsync("/apisvc/catalog");
        var twice = await owner.PostAsync(
            $"/v1/apis/{await owner.ApiAsync(acme, "orders2")}/versions",
            new { name = "v1", basePath = "/acme/orders" }
        );
        under.ShouldBe(HttpStatusCode.Created);
        var version = under.Id;
        (await other.PutAsync($"/v1/versions/{version}", new { onlyOperations = false })).ShouldBe(
            HttpStatusCode.OK
        );
        await other.BindAsync(version);
        var unapproved = await other.DeployAsync(version);
        var @operator = host.Of(null, "operator");
        var waiting = (await @operator.GetAsync("/v1/base-paths?approved=false"))
            .Json.GetProperty("items")
            .EnumerateArray()
            .ShouldHaveSingleItem();
        var approve = $"/v1/base-paths/{waiting.GetProperty("id").GetString()}/approve";
        (await other.PostAsync(approve, new { })).ShouldBe(HttpStatusCode.Forbidden);
        (await @operator.PostAsync(approve, new { })).ShouldBe(HttpStatusCode.OK);

        taken.ShouldBeRefused(HttpStatusCode.Conflict, "base-path-taken");
        taken["detail"].ShouldNotContain(first);
        twice.ShouldBeRefused(HttpStatusCode.Conflict, "base-path-taken");
        garbage.ShouldBe(HttpStatusCode.BadRequest);
        reserved.ShouldBe(HttpStatusCode.BadRequest);
        unapproved.ShouldBeRefused(HttpStatusCode.Conflict, "base-path-unapproved");
        (await other.DeployAsync(version)).ShouldBe(HttpStatusCode.OK);

        Task<Answer> CreateAsync(string basePath) =>
            other.PostAsync(
                $"/v1/apis/{api}/versions",
                new { name = $"v{Guid.NewGuid():n}", basePath }
            );
    }

    [Fact]
    public async Task BasePath_AskedForByAnotherFirst_IsTheTeamsThatNeedsNotAsk()
    {
        await using var host = await CatalogHost.StartAsync();
        var (acme, owner) = host.NewTeam("acme");
        var (shop, other) = host.NewTeam("shop");
        await owner.ImportAsync(await owner.ApiAsync(acme, "first"));
        var api = await other.ApiAsync(shop, "orders");
        (
            await other.PostAsync(
                $"/v1/apis/{api}/versions",
                new { name = "v1", basePath = "/acme/orders" }
            )
        ).ShouldBe(HttpStatusCode.Created);

        await owner.ImportAsync(await owner.ApiAsync(acme));

        (
            await host.QueryAsync<Guid>("select team_id from base_path where path = '/acme/orders'")
        ).ShouldBe(acme.Value);
    }

    [Fact]
    public async Task BasePath_ByDefaultWhileIdentityIsAway_IsAskedFor()
    {
        await using var host = await CatalogHost.StartAsync();
        var team = new Id<TeamKind>(Guid.CreateVersion7());
        var owner = host.Of(team, "owner");
        var api = await owner.ApiAsync(team);

        var byDefault = await owner.PostAsync($"/v1/apis/{api}/versions", new { name = "v1" });
        var given = await owner.PostAsync(
            $"/v1/apis/{api}/versions",
            new { name = "v1", basePath = "/x/y" }
        );

        byDefault.ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "team-unknown");
        given.ShouldBe(HttpStatusCode.Created);
    }

    private static async Task<ApiChange> NextAsync(AsyncServerStreamingCall<ApiChange> call)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        (await call.ResponseStream.MoveNext(patience.Token)).ShouldBeTrue();
        return call.ResponseStream.Current;
    }
}
