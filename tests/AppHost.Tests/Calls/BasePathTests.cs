using System.Net;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>Teams that want the same addresses.</summary>
[Collection<OpenSuiteTests>]
public sealed class BasePathTests(OpenSuite open, ITestOutputHelper output)
{
    [Fact]
    public async Task Version_AtAnotherTeamsBasePath_IsRefusedAndChangesNothing()
    {
        var (first, second) = await TeamsAsync("wanted");
        (await first.VersionAsync(await first.ApiAsync("one"), "/wanted/orders")).Success();
        var api = await second.ApiAsync("two");
        var before = await CatalogLists.ReadAsync(open.Door, api);

        var refused = await second.VersionAsync(api, "/wanted/orders");

        output.WriteLine(refused.Text);
        refused.ShouldBeProblem(HttpStatusCode.Conflict, "base-path-taken");
        refused.Text.ShouldContain("/wanted/orders");
        (await CatalogLists.ReadAsync(open.Door, api)).ShouldBe(before);
    }

    [Fact]
    public async Task Version_OfTwoTeamsAtOnce_IsOneTeams()
    {
        var (first, second) = await TeamsAsync("raced");
        var apis = (await first.ApiAsync("one"), await second.ApiAsync("two"));

        var answers = await Task.WhenAll(
            first.VersionAsync(apis.Item1, "/raced/orders"),
            second.VersionAsync(apis.Item2, "/raced/orders")
        );

        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        answers
            .Single(a => a.Status != HttpStatusCode.Created)
            .ShouldBeProblem(HttpStatusCode.Conflict, "base-path-taken");
    }

    [Fact]
    public async Task Deploy_UnderAnotherTeamsBasePath_WaitsForApprovalAndIsThenServedThere()
    {
        var (first, second) = await TeamsAsync("nested");
        (await first.VersionAsync(await first.ApiAsync("one"), "/nested/orders")).Success();
        var api = await second.ApiAsync("two");
        var version = (string)
            (await second.VersionAsync(api, "/nested/orders/special")).Success()["id"]!;
        (await second.BindAsync(version, open.Shop.Upstream)).Success();
        var before = await CatalogLists.ReadAsync(open.Door, api);

        var refused = await second.DeployAsync(version);

        output.WriteLine(refused.Text);
        refused.ShouldBeProblem(HttpStatusCode.Conflict, "base-path-unapproved");
        (await CatalogLists.ReadAsync(open.Door, api)).ShouldBe(before);
        (await open.Door.StatusAsync("/nested/orders/special/orders", open.Shop.Key)).ShouldBe(
            HttpStatusCode.NotFound
        );

        var waiting = await open.Door.ManageAsync(
            "catalog",
            HttpMethod.Get,
            "base-paths?approved=false"
        );
        var path = waiting["items"]!
            .AsArray()
            .Single(p => (string)p!["path"]! == "/nested/orders/special")!;
        await open.Door.ManageAsync(
            "catalog",
            HttpMethod.Post,
            $"base-paths/{path["id"]}/approve",
            new JsonObject()
        );
        (await second.DeployAsync(version)).Success();
        (await open.Door.StatusAsync("/nested/orders/special/orders", open.Shop.Key)).ShouldBe(
            HttpStatusCode.OK
        );
    }

    private async Task<(Party First, Party Second)> TeamsAsync(string name) =>
        (
            await Party.CreateAsync(open.Suite, open.Door, $"{name}-first"),
            await Party.CreateAsync(open.Suite, open.Door, $"{name}-second")
        );
}
