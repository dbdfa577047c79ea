using System.Net;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>The gateway serves its last good state, whatever else is away.</summary>
public sealed class OutageTests(OpenSuite open) : IClassFixture<OpenSuite>
{
    private static readonly string[] Others = ["catalog", "identity", "redis", "kafka", "postgres"];

    private const string Kept = "/demo/kept";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly GatewayNode _gateway = new(open);

    [Fact]
    public async Task Call_OthersLeaveOneByOne_GoesOnAndAGatewayWithoutAStateIsUnreadyUntilTheyAreBack()
    {
        await DeployAsync(await open.Shop.DraftAsync("alone"), "/demo/alone", order: 1);
        foreach (var other in Others)
        {
            await open.CommandAsync(other, KnownResourceCommands.StopCommand);
            await ServedAsync($"without {other}, and those before");
        }

        await _gateway.RestartAsync();
        await ServedAsync("from its disk");
        (await _gateway.HealthAsync()).IsReady.ShouldBeTrue();

        await _gateway.StopAsync();
        Directory.Delete(_gateway.Folder, recursive: true);
        await _gateway.StartAsync();
        await UnreadyAsync();

        await ComeBackAsync("/demo/alone", HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
        await Eventually.HoldsAsync(
            async () => (await _gateway.HealthAsync()).IsReady,
            "the gateway is ready"
        );
        await ServedAsync("with everything back");
    }

    [Fact]
    public async Task Call_WithATokenAndIdentityAway_IsStillTaken()
    {
        var shop = await TokenShop.OpenAsync(open, "verified");
        var caller = await shop.NewClientAsync(true, "orders.read");
        await shop.ServedAsync(await caller.TokenAsync());
        // The gateway sees it for the first time when nobody can be asked.
        var token = await caller.TokenAsync();

        await open.CommandAsync("identity", KnownResourceCommands.StopCommand);
        foreach (var version in (string[])["1.1", "2.0"])
        {
            using var client = open.Door.Over(Version.Parse(version));
            (await shop.StatusAsync(token, client)).ShouldBe(HttpStatusCode.OK, version);
            (await shop.StatusAsync(token[..^4] + "AAAA", client)).ShouldBe(
                HttpStatusCode.Unauthorized,
                version
            );
        }

        await open.CommandAsync("identity", KnownResourceCommands.StartCommand);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await open.Suite.App.ResourceNotifications.WaitForResourceHealthyAsync(
            "identity",
            deadline.Token
        );
    }

    [Fact]
    public async Task Call_OthersLeaveAtOnce_GoesOnAlsoAfterAKillAndFromDamagedDisks()
    {
        var version = await open.Shop.DraftAsync("kept");
        await DeployAsync(version, Kept, order: 1);
        // It starts a new file with what comes next.
        await _gateway.RestartAsync();
        await DeployAsync(version, Kept, order: 2);
        await DeployAsync(version, Kept, order: 1);

        await Task.WhenAll(
            Others.Select(o => open.CommandAsync(o, KnownResourceCommands.StopCommand))
        );
        await ServedAsync("without all others at once");
        await _gateway.KillAsync();
        await _gateway.StartAsync();
        await ServedAsync("after it was killed");
        (await OrderAsync(Kept)).ShouldBe(1);

        await _gateway.StopAsync();
        using (var kept = new KeptFolder(_gateway.ConfigurationFolder))
        {
            // The newest state is a whole one and a change after it. Without the change it is that whole one; without that, the
            // one before it with all its changes.
            await DamagedAsync(StateDamage.CutShort, ".deltas", order: 2);
            foreach (var damage in StateDamage.All)
            {
                kept.Restore();
                await DamagedAsync(damage, ".base", order: 1);
            }

            kept.Restore();
        }

        await _gateway.StartAsync();
        await ComeBackAsync(Kept, HttpStatusCode.OK);
        await ServedAsync("with everything back");
    }

    // Of the newest file of that kind.
    private async Task DamagedAsync(StateDamage damage, string kind, int order)
    {
        var file = Directory
            .EnumerateFiles(_gateway.ConfigurationFolder, "*" + kind)
            .Order(StringComparer.Ordinal)
            .Last();
        var before = await _gateway.LogAsync();
        damage.Apply(file);

        await _gateway.StartAsync();

        await ServedAsync($"with {Path.GetFileName(file)} {damage.Name}");
        (await OrderAsync(Kept)).ShouldBe(order, $"{file} {damage.Name}");
        var (isReady, says) = await _gateway.HealthAsync();
        isReady.ShouldBeTrue();
        says.ShouldContain("On its disk was not whole:");
        says.ShouldContain(Path.GetFileName(file));
        var log = await _gateway.LogAsync();
        log[before.Length..].ShouldContain($"{file} is not whole");
        await _gateway.StopAsync();
    }

    private async Task DeployAsync(string version, string path, int order)
    {
        await open.Shop.BindAsync(version, $"{open.Shop.Upstream}/orders/{order}");
        await open.Shop.DeployAsync(version, "?wait=all&timeout=30s");
        (await OrderAsync(path)).ShouldBe(order);
    }

    private async Task<int> OrderAsync(string path)
    {
        using var answer = await open.Door.CallAsync(path, open.Shop.Key);
        return (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!;
    }

    // More than one call, and below the plan's rate.
    private async Task ServedAsync(string when)
    {
        for (var i = 0; i < 3; i++)
        {
            (await open.Door.StatusAsync(Shop.Orders, open.Shop.Key)).ShouldBe(
                HttpStatusCode.OK,
                when
            );
        }

        (await open.Door.StatusAsync(Shop.Orders, open.Shop.Key[..^1] + "0")).ShouldBe(
            HttpStatusCode.Unauthorized,
            when
        );
    }

    private async Task UnreadyAsync()
    {
        var (isReady, says) = await _gateway.HealthAsync();
        isReady.ShouldBeFalse();
        says.ShouldBe("The gateway has never had a configuration.");
        (await _gateway.HealthAsync("credentials")).Says.ShouldBe(
            "The gateway has never had credentials."
        );
        foreach (var path in (string[])[Shop.Orders, "/demo/nothing", "/"])
        {
            using var answer = await open.Door.CallAsync(path, open.Shop.Key);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            ((string)problem["type"]!).ShouldEndWith("/not-ready");
        }
    }

    // Called all the while, and without a plan's rate in the way.
    private async Task ComeBackAsync(string path, params HttpStatusCode[] meanwhile)
    {
        foreach (var other in Others.Reverse())
        {
            await open.CommandAsync(other, KnownResourceCommands.StartCommand);
        }

        using var deadline = new CancellationTokenSource(Patience);
        var back = Task.WhenAll(
            Others.Select(o =>
                open.Suite.App.ResourceNotifications.WaitForResourceHealthyAsync(o, deadline.Token)
            )
        );
        await Eventually.HoldsAsync(
            async () =>
            {
                (await open.Door.StatusAsync(path, open.Shop.Key)).ShouldBeOneOf(meanwhile);
                return back.IsCompleted;
            },
            "all others are back",
            Patience
        );
        await back;
    }
}
