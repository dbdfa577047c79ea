using System.Net;
using Aspire.Hosting.ApplicationModel;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>The gateway serves its last good state, whatever else is away.</summary>
public sealed class OutageTests(OpenSuite open) : IClassFixture<OpenSuite>
{
    private static readonly string[] Others = ["catalog", "identity", "redis", "kafka", "postgres"];

    [Fact]
    public async Task Call_WithEverythingElseAway_GoesOnAlsoAfterARestart()
    {
        foreach (var other in Others)
        {
            await CommandAsync(other, KnownResourceCommands.StopCommand);
            await ServedAsync($"without {other}, and those before");
        }

        await CommandAsync("gateway", KnownResourceCommands.RestartCommand);
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return await open.Door.StatusAsync(Shop.Orders, open.Shop.Key)
                        == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    // It does not listen yet.
                    return false;
                }
            },
            "the gateway serves from its disk"
        );

        foreach (var other in Others.Reverse())
        {
            await CommandAsync(other, KnownResourceCommands.StartCommand);
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        foreach (var other in Others)
        {
            await open.Suite.App.ResourceNotifications.WaitForResourceHealthyAsync(
                other,
                deadline.Token
            );
        }

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

        await CommandAsync("identity", KnownResourceCommands.StopCommand);
        foreach (var version in (string[])["1.1", "2.0"])
        {
            using var client = open.Door.Over(Version.Parse(version));
            (await shop.StatusAsync(token, client)).ShouldBe(HttpStatusCode.OK, version);
            (await shop.StatusAsync(token[..^4] + "AAAA", client)).ShouldBe(
                HttpStatusCode.Unauthorized,
                version
            );
        }

        await CommandAsync("identity", KnownResourceCommands.StartCommand);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await open.Suite.App.ResourceNotifications.WaitForResourceHealthyAsync(
            "identity",
            deadline.Token
        );
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
    }

    private async Task CommandAsync(string resource, string command)
    {
        var result = await open.Suite.App.ResourceCommands.ExecuteCommandAsync(resource, command);
        result.Success.ShouldBeTrue(result.Message);
    }
}
