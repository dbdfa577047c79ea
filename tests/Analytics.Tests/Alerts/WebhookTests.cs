using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.Analytics.Alerts.Deliveries;
using ApiSvc.Analytics.Tests.Alerts.Hosting;
using ApiSvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Analytics.Tests.Alerts;

/// <summary>Against a receiver that others wrote the check of.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private static readonly string Peers = Path.Combine(
        Repository.Root,
        "tests",
        "Analytics.Tests",
        "peers"
    );

    private AlertHost _host = null!;
    private AlertCaller _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AlertHost.StartAsync();
        _owner = _host.Of(Guid.CreateVersion7(), "owner");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Firing_OverAWebhook_IsSignedAsTheSpecificationSays()
    {
        var (channel, receiver) = await ConnectAsync(new());
        await using var peer = receiver;
        var rule = await _owner.MakeRuleAsync(
            new
            {
                name = "Größe & „Last“ 🚨",
                description = "See <runbook>",
                channelIds = new[] { channel },
            }
        );

        await _host.NextMinuteAsync(6.5);
        await _host.SendAsync();

        var got = (await receiver.SawAsync(1)).ShouldHaveSingleItem();
        ((bool)got["verified"]!).ShouldBeTrue();
        ((string)got["contentType"]!).ShouldBe("application/json; charset=utf-8");
        var body = JsonNode.Parse((string)got["body"]!)!;
        ((string)body["type"]!).ShouldBe("alert.firing");
        ((string)body["id"]!).ShouldBe((string)got["id"]!);
        ((string)body["data"]!["ruleId"]!).ShouldBe(rule);
        ((string)body["data"]!["ruleName"]!).ShouldBe("Größe & „Last“ 🚨");
        ((double)body["data"]!["value"]!).ShouldBe(6.5);
        ((double)body["data"]!["threshold"]!).ShouldBe(5);
        ((string)body["data"]!["state"]!).ShouldBe("firing");
        ((string)body["data"]!["metric"]!).ShouldBe("errors");
        ((string)body["timestamp"]!).ShouldEndWith("Z");
        var delivery = (await _owner.ListAsync("alert-deliveries")).ShouldHaveSingleItem();
        delivery.GetProperty("id").GetString().ShouldBe((string)got["id"]!);
        delivery.GetProperty("status").GetString().ShouldBe("delivered");
        delivery.GetProperty("lastAnswer").GetString().ShouldBe("200 thanks");
    }

    [Fact]
    public async Task Receiver_ThatFailsFirst_GetsTheSameAgainAfterGrowingPauses()
    {
        var (channel, receiver) = await ConnectAsync(
            new()
            {
                ["answers"] = new JsonArray(500, 503, 0),
                ["headers"] = new JsonObject { ["retry-after"] = "60" },
            }
        );
        await using var peer = receiver;
        var test = await TestAsync(channel);

        foreach (var pause in (int[])[60, 60, 120])
        {
            await _host.SendAsync();
            var waiting = await DeliveryAsync(test);
            waiting.GetProperty("status").GetString().ShouldBe("waiting");
            (
                waiting.GetProperty("nextAttemptAt").GetDateTimeOffset() - _host.Clock.GetUtcNow()
            ).TotalSeconds.ShouldBe(pause, 0.001);
            _host.Clock.Advance(TimeSpan.FromSeconds(pause - 1));
            await _host.SendAsync();
            _host.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await DeliveryAsync(test))
            .GetProperty("lastAnswer")
            .GetString()
            .ShouldBe("No answer within 2 s.");
        await _host.SendAsync();

        var seen = await receiver.SawAsync(4);
        seen.Count.ShouldBe(4);
        seen.ShouldAllBe(s => (bool)s["verified"]!);
        seen.Select(s => (string)s["id"]!).Distinct().ShouldHaveSingleItem().ShouldBe(test);
        seen.Select(s => (string)s["body"]!).Distinct().ShouldHaveSingleItem();
        seen.Select(s => (long)s["timestamp"]!).ShouldBeUnique();
        var delivered = await DeliveryAsync(test);
        delivered.GetProperty("status").GetString().ShouldBe("delivered");
        delivered.GetProperty("attempts").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Receiver_ThatNeverTakesIt_IsGivenUpAfterTheLastPause()
    {
        var (channel, receiver) = await ConnectAsync(
            new()
            {
                ["answers"] = new JsonArray([
                    .. Enumerable.Repeat(400, 100).Select(n => (JsonNode)n),
                ]),
            }
        );
        await using var peer = receiver;
        var test = await TestAsync(channel);

        foreach (var pause in DeliveryQueue.Pauses)
        {
            await _host.SendAsync();
            (await DeliveryAsync(test)).GetProperty("status").GetString().ShouldBe("waiting");
            _host.Clock.Advance(pause);
        }

        await _host.SendAsync();
        var given = await DeliveryAsync(test);
        given.GetProperty("status").GetString().ShouldBe("givenUp");
        given.GetProperty("attempts").GetInt32().ShouldBe(DeliveryQueue.Pauses.Count + 1);
        given.GetProperty("lastAnswer").GetString().ShouldBe("400 Not now");
        given.GetProperty("nextAttemptAt").ValueKind.ShouldBe(JsonValueKind.Null);
        _host.Clock.Advance(TimeSpan.FromDays(2));
        await _host.SendAsync();

        (await receiver.SawAsync(1)).Count.ShouldBe(DeliveryQueue.Pauses.Count + 1);
    }

    [Fact]
    public async Task Receiver_ThatIsGone_DisablesTheChannel()
    {
        var (channel, receiver) = await ConnectAsync(new() { ["answers"] = new JsonArray(410) });
        await using var peer = receiver;
        var first = await TestAsync(channel);
        var second = await TestAsync(channel);

        await _host.SendAsync();

        var read = await _owner.GetAsync($"alert-channels/{channel}");
        read.Json.GetProperty("enabled").GetBoolean().ShouldBeFalse();
        read.Json.GetProperty("disabledReason").GetString()!.ShouldContain("410");
        (await DeliveryAsync(first)).GetProperty("lastAnswer").GetString()!.ShouldStartWith("410");
        (await DeliveryAsync(second)).GetProperty("status").GetString().ShouldBe("givenUp");
        (await receiver.SawAsync(1)).Count.ShouldBe(1);
        (await _owner.PostAsync($"alert-channels/{channel}/test")).ShouldBe(
            HttpStatusCode.Conflict
        );
        (
            await _host.ListAsync<string>(
                "select action from service.audit_log where action = 'alert-channel.disable'"
            )
        ).ShouldHaveSingleItem();

        // Enabling it again is a change like others.
        var again = await _owner.SendAsync(
            "PUT",
            $"alert-channels/{channel}",
            new
            {
                name = "Hook",
                kind = "webhook",
                url = (string)receiver.Self["url"]!,
            },
            read.ETag
        );
        again.ShouldBe(HttpStatusCode.OK);
        again.Json.GetProperty("disabledReason").GetString().ShouldBe("");
        var third = await TestAsync(channel);
        await _host.SendAsync();
        (await DeliveryAsync(third)).GetProperty("status").GetString().ShouldBe("delivered");
    }

    [Fact]
    public async Task Receiver_ThatRedirects_IsNotFollowed()
    {
        await using var target = await NodePeer.StartAsync(Peers, "webhook-receiver.cjs", []);
        var (channel, receiver) = await ConnectAsync(
            new()
            {
                ["answers"] = new JsonArray(307),
                ["headers"] = new JsonObject { ["location"] = (string)target.Self["url"]! },
            }
        );
        await using var peer = receiver;
        var test = await TestAsync(channel);

        await _host.SendAsync();

        (await DeliveryAsync(test)).GetProperty("lastAnswer").GetString()!.ShouldStartWith("307");
        target.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Secret_Rotated_IsAnotherFromThenOn()
    {
        var (channel, receiver) = await ConnectAsync(new());
        await using var peer = receiver;

        var rotated = await _owner.PostAsync($"alert-channels/{channel}/rotate-secret");
        rotated.ShouldBe(HttpStatusCode.OK);
        rotated.Json.GetProperty("secret").GetString()!.ShouldStartWith("whsec_");
        await TestAsync(channel);
        await _host.SendAsync();

        // The receiver checks with the secret before.
        ((string)(await receiver.SawAsync(1))[0]["verified"]!).ShouldBe(
            "No matching signature found"
        );
    }

    [Fact]
    public async Task Secret_OfChannels_IsShownOnceAndSealed()
    {
        var (channel, secret) = await _owner.MakeChannelAsync(
            new
            {
                name = "Hook",
                kind = "webhook",
                url = "https://hooks.example.org/a",
            }
        );
        var (slack, none) = await _owner.MakeChannelAsync(
            new
            {
                name = "Slack",
                kind = "slack",
                url = "https://hooks.slack.com/services/T0/B0/verysecret",
            }
        );

        none.ShouldBeNull();
        secret!.ShouldStartWith("whsec_");
        (await _owner.GetAsync($"alert-channels/{channel}")).Text.ShouldNotContain("whsec_");
        var shown = await _owner.GetAsync($"alert-channels/{slack}");
        shown.Json.GetProperty("url").GetString().ShouldBe("https://hooks.slack.com/…");
        (await _owner.GetAsync("alert-channels")).Text.ShouldNotContain("verysecret");
        var rows = await _host.ListAsync<string>(
            """
            select c::text from alert_channel c union all select concat(before_state, after_state) from service.audit_log
            union all select encode(secret, 'escape') from alert_channel
            """
        );
        rows.ShouldNotBeEmpty();
        rows.ShouldAllBe(r => r == null || (!r.Contains("verysecret") && !r.Contains(secret)));
    }

    [Theory]
    [InlineData("shown")]
    [InlineData("left out")]
    public async Task Slack_ChangedWithoutItsAddress_KeepsIt(string how)
    {
        await using var receiver = await NodePeer.StartAsync(Peers, "webhook-receiver.cjs", []);
        var (channel, _) = await _owner.MakeChannelAsync(
            new
            {
                name = "Slack",
                kind = "slack",
                url = (string)receiver.Self["url"]!,
            }
        );
        var shown = await _owner.GetAsync($"alert-channels/{channel}");

        var changed = await _owner.SendAsync(
            "PUT",
            $"alert-channels/{channel}",
            new
            {
                name = "Other",
                kind = "slack",
                url = how == "shown" ? shown.Json.GetProperty("url").GetString() : null,
            },
            shown.ETag
        );
        changed.ShouldBe(HttpStatusCode.OK);
        await TestAsync(channel);
        await _host.SendAsync();

        ((string)(await receiver.SawAsync(1))[0]["path"]!).ShouldBe("/hook");
    }

    [Fact]
    public async Task Slack_OfAnAlert_GetsTextAndBlocksThatMentionNobody()
    {
        await using var receiver = await NodePeer.StartAsync(Peers, "webhook-receiver.cjs", []);
        var (channel, _) = await _owner.MakeChannelAsync(
            new
            {
                name = "Slack",
                kind = "slack",
                url = (string)receiver.Self["url"]!,
            }
        );
        await _owner.MakeRuleAsync(
            new
            {
                name = "<!channel> & more",
                description = new string('<', 2000),
                channelIds = new[] { channel },
            }
        );

        await _host.NextMinuteAsync(6);
        await _host.SendAsync();

        var got = (await receiver.SawAsync(1)).ShouldHaveSingleItem();
        got["id"].ShouldBeNull();
        var message = JsonNode.Parse((string)got["body"]!)!;
        ((string)message["text"]!).ShouldBe(
            "Firing (warning): &lt;!channel&gt; &amp; more: Errors over 1 min: 6; the rule is above 5."
        );
        var texts = message["blocks"]!
            .AsArray()
            .Select(b => (string)(b!["text"] ?? b["elements"]![0])!["text"]!)
            .ToList();
        texts.Count.ShouldBe(3);
        texts.ShouldAllBe(t => t.Length <= 3000 && !t.Contains('<'));
        texts[0].ShouldStartWith("*Firing (warning): &lt;!channel&gt; &amp; more*\n");
    }

    [Fact]
    public async Task Address_OfTheInside_IsNotCalled()
    {
        await using var guarded = await AlertHost.StartAsync(
            settings: [("Egress:AllowedNetworks:0", "198.51.100.0/24")]
        );
        var owner = guarded.Of(Guid.CreateVersion7(), "owner");

        var refused = await owner.PostAsync(
            "alert-channels",
            new
            {
                name = "Inside",
                kind = "webhook",
                url = "http://169.254.169.254/latest",
            }
        );
        var (byName, _) = await owner.MakeChannelAsync(
            new
            {
                name = "By name",
                kind = "webhook",
                url = "http://localhost:9/",
            }
        );
        await owner.PostAsync($"alert-channels/{byName}/test");
        await guarded.SendAsync();

        refused.ShouldBe(HttpStatusCode.BadRequest).Violations.ShouldBe(["#/url"]);
        (await owner.ListAsync("alert-deliveries"))
            .ShouldHaveSingleItem()
            .GetProperty("lastAnswer")
            .GetString()
            .ShouldBe("Calls to 'localhost' are not allowed: it leads to the machine itself.");
    }

    [Fact]
    public async Task Delivery_NotHeardOfAgain_IsSentAgainWithItsId()
    {
        var (channel, receiver) = await ConnectAsync(new());
        await using var peer = receiver;
        var test = await TestAsync(channel);
        var queue = _host.Services.GetRequiredService<DeliveryQueue>();

        // As a process does that is killed while it sends.
        (await queue.ClaimAsync(CancellationToken.None))!.PublicId.ShouldBe(test);
        await _host.SendAsync();
        receiver.Seen.ShouldBeEmpty();
        _host.Clock.Advance(TimeSpan.FromMinutes(2));
        await _host.SendAsync();

        ((string)(await receiver.SawAsync(1))[0]["id"]!).ShouldBe(test);
        (await DeliveryAsync(test)).GetProperty("attempts").GetInt32().ShouldBe(2);
    }

    // The receiver has to know the secret, and the channel where the receiver is.
    private async Task<(string Channel, NodePeer Receiver)> ConnectAsync(JsonObject settings)
    {
        var (channel, secret) = await _owner.MakeChannelAsync(
            new
            {
                name = "Hook",
                kind = "webhook",
                url = "https://hooks.example.org/",
            }
        );
        settings["secret"] = secret;
        var receiver = await NodePeer.StartAsync(Peers, "webhook-receiver.cjs", settings);
        var changed = await _owner.SendAsync(
            "PUT",
            $"alert-channels/{channel}",
            new
            {
                name = "Hook",
                kind = "webhook",
                url = (string)receiver.Self["url"]!,
            },
            "*"
        );
        changed.ShouldBe(HttpStatusCode.OK);
        return (channel, receiver);
    }

    private async Task<string> TestAsync(string channel)
    {
        var test = await _owner.PostAsync($"alert-channels/{channel}/test");
        test.ShouldBe(HttpStatusCode.Accepted);
        (await _owner.GetAsync(test.Location!)).Id.ShouldBe(test.Id);
        return test.Id;
    }

    private async Task<JsonElement> DeliveryAsync(string id) =>
        (await _owner.GetAsync($"alert-deliveries/{id}")).ShouldBe(HttpStatusCode.OK).Json;
}
