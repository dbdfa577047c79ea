using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>An alert over its life, from calls through the gateway to e-mail.</summary>
[Collection<OpenSuiteTests>]
public sealed class AlertTests(OpenSuite open)
{
    // Minutes are evaluated when they are over: one to begin, one to hold, one to end, and what a busy machine takes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    [Fact]
    [Trait("Long", "alert")]
    public async Task Alert_OnCallsThroughTheGateway_FiresAndIsResolvedByEmail()
    {
        var channel = await ManageAsync(
            HttpMethod.Post,
            "alert-channels",
            new()
            {
                ["name"] = "Mail",
                ["kind"] = "email",
                ["addresses"] = new JsonArray("ops@example.org"),
            }
        );
        await ManageAsync(
            HttpMethod.Post,
            "alert-rules",
            new()
            {
                ["name"] = "Calls of the shop",
                ["metric"] = "calls",
                ["windowSeconds"] = 60,
                ["comparison"] = "above",
                ["threshold"] = 0,
                ["holdSeconds"] = 60,
                ["filters"] = new JsonArray(
                    new JsonObject
                    {
                        ["dimension"] = "api",
                        ["values"] = new JsonArray(open.Shop.Api),
                    }
                ),
                ["channelIds"] = new JsonArray((string)channel["channel"]!["id"]!),
            }
        );

        await UntilAsync("pending", keepsCalling: true);
        await UntilAsync("firing", keepsCalling: true);
        await UntilAsync("resolved", keepsCalling: false);

        var history = await ManageAsync(HttpMethod.Get, "alert-history");
        history["items"]!
            .AsArray()
            .Select(c => (string)c!["to"]!)
            .ShouldBe(["resolved", "firing", "pending"]);
        await Eventually.HoldsAsync(() => Subjects().Count == 2, "two e-mails");
        Subjects()
            .ShouldBe(
                [
                    "Subject: Firing (warning): Calls of the shop",
                    "Subject: Resolved: Calls of the shop",
                ],
                ignoreOrder: true
            );
    }

    private async Task UntilAsync(string state, bool keepsCalling)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (keepsCalling)
            {
                await open.Door.StatusAsync(Shop.Orders, open.Shop.Key);
            }

            var alerts = await ManageAsync(HttpMethod.Get, "alerts");
            var seen = (string)alerts["items"]![0]!["state"]!;
            if (seen == state)
            {
                return;
            }

            Stopwatch
                .GetElapsedTime(start)
                .ShouldBeLessThan(Patience, $"{seen} instead of {state}: {alerts}");
            await Task.Delay(Pause);
        }
    }

    private List<string> Subjects()
    {
        var folder = open.Suite.App.Services.GetRequiredService<DataFolder>().File("mail");
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*.eml")
                    .Select(f =>
                        File.ReadLines(f)
                            .First(l => l.StartsWith("Subject:", StringComparison.Ordinal))
                    ),
            ]
            : [];
    }

    private Task<JsonNode> ManageAsync(HttpMethod method, string path, JsonObject? body = null) =>
        open.Door.ManageAsync("analytics", method, $"teams/{open.Shop.Team}/{path}", body);
}
