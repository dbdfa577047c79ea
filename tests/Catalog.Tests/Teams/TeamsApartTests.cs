using System.Net;
using ApiSvc.AccessWalk;
using ApiSvc.Catalog.Tests.Hosting;
using ApiSvc.Testing;
using Grpc.Core;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Tests.Teams;

/// <summary>What a team has is its own: of every endpoint, and of what is offered to others.</summary>
public sealed class TeamsApartTests
{
    private static readonly string Folder = Path.Combine(
        Repository.Root,
        "tests/Catalog.Tests/Teams"
    );

    [Fact]
    public async Task Endpoints_ByEverybody_AnswerAsTheReviewedTableSays()
    {
        await using var host = await CatalogHost.StartAsync();
        var scene = await TeamScene.OpenAsync(host);
        using var http = new HttpClient { BaseAddress = host.Http };

        var faults = await new ServiceWalk(host.Services, http, host.Channel, scene).RunAsync(
            Path.Combine(Folder, "access.json"),
            Path.Combine(Folder, "access.txt")
        );

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task OfferedApi_ByAnotherTeam_IsReadAndNotChanged()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var (_, other) = host.NewTeam("shop");
        var api = await owner.ApiAsync(team);
        var version = await owner.ImportAsync(api);
        var draft = await owner.ImportAsync(api, "v2", "/acme/orders2");
        (await other.GetAsync($"/v1/apis/{api}")).ShouldBe(HttpStatusCode.NotFound);

        await owner.PublishAsync(version);

        (await other.GetAsync($"/v1/apis/{api}")).ShouldBe(HttpStatusCode.OK);
        (await other.GetAsync($"/v1/versions/{version}/specification"))
            .ShouldBe(HttpStatusCode.OK)
            .Text.ShouldBe(Scene.Document);
        (await other.GetAsync($"/v1/versions/{draft}")).ShouldBe(HttpStatusCode.NotFound);
        (await other.GetAsync($"/v1/apis/{api}/versions"))
            .Json.GetProperty("items")
            .GetArrayLength()
            .ShouldBe(1);
        (await other.DeleteAsync($"/v1/apis/{api}")).ShouldBe(HttpStatusCode.Forbidden);
        (await other.MoveAsync(version, "suspended")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Watch_OfAnotherTeamsDraft_HearsNothingOfItsEnd()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var (otherTeam, other) = host.NewTeam("shop");
        var draft = await owner.ApiAsync(team);
        var offered = await owner.ApiAsync(team, "offered");
        await owner.PublishAsync(await owner.ImportAsync(offered, basePath: "/acme/offered"));
        using var watch = new V1.Apis.ApisClient(host.Channel).WatchApis(new(), other.Headers);
        await watch.ResponseHeadersAsync;

        await owner.DeleteAsync($"/v1/apis/{draft}");
        await owner.DeleteAsync($"/v1/apis/{offered}");
        var own = await other.ApiAsync(otherTeam, "own");

        (await watch.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        watch.ResponseStream.Current.DeletedApiId.ShouldBe(offered);
        (await watch.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        watch.ResponseStream.Current.Api.Id.ShouldBe(own);
    }
}
