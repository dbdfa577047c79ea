using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Calls;

namespace ApiSvc.AppHost.Tests.Configuration;

/// <summary><c>…/deploy?wait=all</c>: the answer comes when the live nodes have acknowledged, or names those that have not.</summary>
[Collection<OpenSuiteTests>]
public sealed class WaitTests(OpenSuite open, ITestOutputHelper output)
{
    private const string Silent = "silent-node";

    [Fact]
    public async Task Deploy_ANodeNeverAcknowledges_IsNamedWhenTheTimeIsUp()
    {
        await using var catalog = await CatalogInside.OpenAsync(open);
        await using var silent = await FollowAsync(catalog, Silent, acknowledges: false);
        await using var other = await FollowAsync(catalog, "other-node");
        var version = await BoundAsync("waits-in-vain");
        var start = Stopwatch.GetTimestamp();

        var deployed = await open.Shop.DeployAsync(version, "?wait=all&timeout=1500ms");

        Stopwatch.GetElapsedTime(start).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(1500));
        deployed["waitingForNodes"]!.ToJsonString().ShouldBe($"""["{Silent}"]""");
        ((int)deployed["revision"]!["number"]!).ShouldBe(1);
        // It is deployed all the same.
        (await open.Door.StatusAsync("/demo/waits-in-vain/orders", open.Shop.Key)).ShouldBe(
            HttpStatusCode.OK
        );
    }

    [Fact]
    public async Task Deploy_AllAcknowledge_AnswersAtOnceAndTheNextCallIsOfTheNewRevision()
    {
        await using var catalog = await CatalogInside.OpenAsync(open);
        await using var one = await FollowAsync(catalog, "one-node");
        await using var two = await FollowAsync(catalog, "two-node");
        var version = await BoundAsync("waits");
        var longest = TimeSpan.Zero;
        for (var revision = 1; revision <= 5; revision++)
        {
            // The sample answers 404 at its root, and with an order at these.
            await open.Shop.BindAsync(version, $"{open.Shop.Upstream}/orders/{1 + revision % 2}");
            var start = Stopwatch.GetTimestamp();

            var deployed = await open.Shop.DeployAsync(version, "?wait=all&timeout=30s");

            var took = Stopwatch.GetElapsedTime(start);
            longest = took > longest ? took : longest;
            deployed["waitingForNodes"]!.AsArray().ShouldBeEmpty();
            using var answer = await open.Door.CallAsync("/demo/waits", open.Shop.Key);
            var order = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            ((int)order["id"]!).ShouldBe(1 + (revision % 2));
        }

        output.WriteLine($"Answered after at most {longest.TotalMilliseconds:F0} ms");
        longest.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Deploy_ANodeLeavesMeanwhile_IsWaitedForNoLongerThanItMayBeOnItsWayBack()
    {
        await using var catalog = await CatalogInside.OpenAsync(open);
        await using var silent = await FollowAsync(catalog, Silent, acknowledges: false);
        var version = await BoundAsync("left-alone");
        var before = silent.State.Generation;
        var start = Stopwatch.GetTimestamp();

        var deploying = open.Shop.DeployAsync(version, "?wait=all&timeout=60s");
        await silent.ReachesAsync(before + 1);
        deploying.IsCompleted.ShouldBeFalse();
        await silent.LeaveAsync();
        var deployed = await deploying;

        // Five seconds of grace; it would have been named after sixty.
        Stopwatch
            .GetElapsedTime(start)
            .ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        deployed["waitingForNodes"]!.AsArray().ShouldBeEmpty();
        (await catalog.NodeAsync(Silent)).Connected.ShouldBeFalse();
    }

    private async Task<string> BoundAsync(string slug)
    {
        var version = await open.Shop.DraftAsync(slug);
        await open.Shop.BindAsync(version, open.Shop.Upstream);
        return version;
    }

    // Nodes of tests before count for a moment after they left.
    private static async Task<Watcher> FollowAsync(
        CatalogInside catalog,
        string node,
        bool acknowledges = true
    )
    {
        await Eventually.HoldsAsync(
            async () => (await catalog.NodesAsync()).Count(n => n.Connected) <= 2,
            "nodes of other tests are gone"
        );
        var watcher = new Watcher(catalog.Log, node, acknowledges);
        await watcher.ConnectAsync();
        return watcher;
    }
}
