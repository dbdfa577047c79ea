using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.Analytics.Tests.Alerts.Hosting;
using ApiSvc.Testing;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Tests.Alerts;

public sealed class AlertLifeTests : IAsyncLifetime
{
    private AlertHost _host = null!;
    private readonly Guid _team = Guid.CreateVersion7();
    private AlertCaller _owner = null!;
    private string _mail = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AlertHost.StartAsync();
        _owner = _host.Of(_team, "owner");
        (_mail, _) = await _owner.MakeChannelAsync(
            new
            {
                name = "Mail",
                kind = "email",
                addresses = new[] { "ops@example.org" },
            }
        );
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Alert_OverItsLife_ChangesStateAndTellsOfEachEndOnce()
    {
        var rule = await RuleAsync(new { holdSeconds = 120, severity = "critical" });
        var states = new List<string>();
        foreach (var value in (double[])[5, 6, 6, 6, 7, 5, 5, 9])
        {
            await _host.NextMinuteAsync(value);
            await _host.EvaluateAsync();
            await _host.SendAsync();
            states.Add(await _owner.StatesAsync());
        }

        states.ShouldBe([
            "inactive",
            "pending",
            "pending",
            "firing",
            "firing",
            "resolved",
            "resolved",
            "pending",
        ]);
        _host
            .Mail.Sent.Select(m => m.Subject)
            .ShouldBe(["Firing (critical): Errors", "Resolved: Errors"]);
        _host.Mail.Sent.Select(m => m.Id).Distinct().Count().ShouldBe(2);
        var history = await _owner.ListAsync($"alert-history?ruleId={rule}");
        history
            .Reverse()
            .Select(c => $"{c.GetProperty("from")}-{c.GetProperty("to")} {c.GetProperty("value")}")
            .ShouldBe([
                "inactive-pending 6",
                "pending-firing 6",
                "firing-resolved 5",
                "resolved-pending 9",
            ]);
        history.Select(c => c.GetProperty("alertId").GetString()).Distinct().Count().ShouldBe(2);
        var events = await Eventually.GetAsync(
            () => Task.FromResult(_host.Events.Changes),
            e => e.Count == 4
        );
        events
            .Select(e => e.Change.To)
            .ShouldBe([
                V1.AlertState.Pending,
                V1.AlertState.Firing,
                V1.AlertState.Resolved,
                V1.AlertState.Pending,
            ]);
        events.ShouldAllBe(e => e.Rule.Id == rule && e.Rule.Threshold == 5);
    }

    [Fact]
    public async Task Alert_PendingThatPasses_TellsNobody()
    {
        await RuleAsync(new { holdSeconds = 300 });

        await _host.NextMinuteAsync(6);
        await _host.NextMinuteAsync(1);
        await _host.SendAsync();

        (await _owner.StatesAsync()).ShouldBe("inactive");
        _host.Mail.Sent.ShouldBeEmpty();
        (await _owner.ListAsync("alert-history")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Evaluation_OfWindows_IsOncePerMinuteThatIsOver()
    {
        await RuleAsync();
        var half = _host.Clock.GetUtcNow();

        await _host.EvaluateAsync();
        _host.Clock.Advance(TimeSpan.FromSeconds(29));
        await _host.EvaluateAsync();
        // The minute is over, but may not be complete yet.
        _host.Clock.Advance(TimeSpan.FromSeconds(15));
        await _host.EvaluateAsync();
        _host.Metrics.Asked.Count.ShouldBe(1);
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        await _host.EvaluateAsync();

        _host
            .Metrics.Asked.Select(a => a.To - half)
            .ShouldBe([TimeSpan.FromSeconds(-30), TimeSpan.FromSeconds(30)]);
    }

    [Fact]
    public async Task Restart_InEveryState_LosesAndRepeatsNothing()
    {
        await RuleAsync(new { holdSeconds = 60 });
        await _host.NextMinuteAsync(6);
        await RestartAsync();
        (await _owner.StatesAsync()).ShouldBe("pending");

        await _host.NextMinuteAsync(6);
        (await _owner.StatesAsync()).ShouldBe("firing");
        await RestartAsync();
        await _host.EvaluateAsync();
        await _host.NextMinuteAsync(7);
        await _host.SendAsync();
        _host.Mail.Sent.Select(m => m.Subject).ShouldBe(["Firing (warning): Errors"]);

        await RestartAsync();
        await _host.NextMinuteAsync(0);
        await _host.SendAsync();
        await _host.SendAsync();
        _host.Mail.Sent.Select(m => m.Subject).ShouldBe(["Resolved: Errors"]);
        (await _owner.StatesAsync()).ShouldBe("resolved");
    }

    [Fact]
    public async Task Evaluation_ByTwoLeadersAtATime_ChangesOnce()
    {
        for (var i = 0; i < 8; i++)
        {
            await RuleAsync(new { name = $"Rule {i}" });
        }

        await using var other = await AlertHost.StartAsync(_host.Database, _host.Clock);
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        _host.Metrics.All = other.Metrics.All = 6;

        await Task.WhenAll(
            _host.EvaluateAsync(),
            other.EvaluateAsync(),
            _host.EvaluateAsync(),
            other.EvaluateAsync()
        );
        await Task.WhenAll(_host.SendAsync(), other.SendAsync());
        await _host.SendAsync();

        (await _owner.ListAsync("alert-history")).Count.ShouldBe(8);
        _host.Mail.Sent.Concat(other.Mail.Sent).Select(m => m.Id).ShouldBeUnique();
        (_host.Mail.Sent.Count + other.Mail.Sent.Count).ShouldBe(8);
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("delete")]
    public async Task Rule_EndedWhileItFires_IsResolvedAndTold(string how)
    {
        var rule = await RuleAsync();
        await _host.NextMinuteAsync(6);
        var read = await _owner.GetAsync($"alert-rules/{rule}");

        var ended =
            how == "delete"
                ? await _owner.SendAsync("DELETE", $"alert-rules/{rule}", etag: read.ETag)
                : await _owner.SendAsync(
                    "PUT",
                    $"alert-rules/{rule}",
                    Rules.With(new { enabled = false, channelIds = new[] { _mail } }),
                    read.ETag
                );
        ((int)ended.Status).ShouldBeInRange(200, 204, ended.Text);
        await _host.NextMinuteAsync(6);
        await _host.SendAsync();

        _host
            .Mail.Sent.Select(m => m.Subject)
            .ShouldBe(["Firing (warning): Errors", "Resolved: Errors"]);
        (await _owner.ListAsync("alert-history"))[0]
            .GetProperty("reason")
            .GetString()
            .ShouldBe($"The rule was {how}d.");
        (await _owner.StatesAsync()).ShouldBe(how == "delete" ? "" : "resolved");
    }

    [Fact]
    public async Task Evaluation_OneRuleFails_TheOthersGoOnAndItIsTriedAgain()
    {
        await RuleAsync(new { name = "Broken" });
        await RuleAsync(new { name = "Whole" });
        _host.Metrics.Broken["Broken"] = true;

        await _host.NextMinuteAsync(6);
        (await _owner.StatesAsync()).ShouldBe("inactive firing");
        _host.Metrics.Broken.Clear();
        await _host.EvaluateAsync();

        (await _owner.StatesAsync()).ShouldBe("firing firing");
    }

    [Theory]
    [InlineData("ok", "resolved")]
    [InlineData("keep", "firing")]
    [InlineData("firing", "firing")]
    public async Task NoData_AfterItFired_MeansWhatTheRuleSays(string noData, string state)
    {
        await RuleAsync(new { noData, metric = "latencyP95" });
        await _host.NextMinuteAsync(6);

        await _host.NextMinuteAsync(null);

        (await _owner.StatesAsync()).ShouldBe(state);
        (await _owner.ListAsync("alerts"))[0]
            .GetProperty("value")
            .ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("rule", true)]
    [InlineData("other rule", false)]
    [InlineData("all", true)]
    [InlineData("environment", true)]
    [InlineData("other environment", false)]
    [InlineData("dimension that the rule has not", false)]
    public async Task Silence_ThatCoversOrNot_LetsStatesChange(string what, bool covers)
    {
        var filters = new[] { new { dimension = "environment", values = new[] { "production" } } };
        var rule = await RuleAsync(new { filters });
        var other = await RuleAsync(new { name = "Other", threshold = 1000 });
        object silence = what switch
        {
            "rule" => new { ruleId = rule },
            "other rule" => new { ruleId = other },
            "environment" => Filter("environment", "production", "sandbox"),
            "other environment" => Filter("environment", "sandbox"),
            "all" => new { },
            _ => Filter("statusClass", "5xx"),
        };
        await SilenceAsync(silence, minutes: 60);

        await _host.NextMinuteAsync(6);
        (await _owner.ListAsync("alerts"))[0].GetProperty("silenced").GetBoolean().ShouldBe(covers);
        await _host.NextMinuteAsync(1);
        await _host.SendAsync();

        (await _owner.StatesAsync()).ShouldBe("resolved inactive");
        _host.Mail.Sent.Count.ShouldBe(covers ? 0 : 2);
        (await _owner.ListAsync("alert-history")).ShouldAllBe(c =>
            c.GetProperty("silenced").GetBoolean() == covers
        );
    }

    [Fact]
    public async Task Silence_ThatEndsWhileItFires_IsToldOnceThen()
    {
        await RuleAsync();
        var silence = await SilenceAsync(new { }, minutes: 60);
        await _host.NextMinuteAsync(6);
        await _host.NextMinuteAsync(6);
        await _host.SendAsync();
        _host.Mail.Sent.ShouldBeEmpty();

        (await _owner.SendAsync("DELETE", $"alert-silences/{silence}")).ShouldBe(
            HttpStatusCode.NoContent
        );
        await _host.NextMinuteAsync(6);
        await _host.NextMinuteAsync(6);
        await _host.SendAsync();

        _host.Mail.Sent.Select(m => m.Subject).ShouldBe(["Firing (warning): Errors"]);
        (await _owner.ListAsync("alert-silences")).ShouldBeEmpty();
        var ended = (await _owner.ListAsync("alert-silences?ended=true")).ShouldHaveSingleItem();
        ended.GetProperty("author").GetString().ShouldBe("user_1");
        ended.GetProperty("comment").GetString().ShouldBe("Maintenance");
    }

    [Fact]
    public async Task Email_IdentityAway_WaitsForItHoweverLong()
    {
        await RuleAsync();
        _host.Mail.Answer = Grpc.Core.StatusCode.Unavailable;
        await _host.NextMinuteAsync(6);
        for (var i = 0; i < 300; i++)
        {
            await _host.SendAsync();
            _host.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        var waiting = (await _owner.ListAsync("alert-deliveries")).ShouldHaveSingleItem();
        waiting.GetProperty("status").GetString().ShouldBe("waiting");
        waiting.GetProperty("attempts").GetInt32().ShouldBeGreaterThan(100);
        _host.Mail.Answer = Grpc.Core.StatusCode.OK;
        await _host.SendAsync();

        (await _owner.ListAsync("alert-deliveries"))[0]
            .GetProperty("status")
            .GetString()
            .ShouldBe("delivered");
        _host.Mail.Sent.Select(m => m.Id).Distinct().ShouldHaveSingleItem();
        _host.Mail.Sent.Last().To.ShouldBe(["ops@example.org"]);
        _host.Mail.Sent.Last().Text.ShouldContain("Errors over 1 min: 6; the rule is above 5.");
    }

    private Task<string> RuleAsync(object? changes = null)
    {
        var rule = Rules.With(changes);
        rule["channelIds"] = new JsonArray(_mail);
        return _owner.MakeRuleAsync(rule);
    }

    private async Task<string> SilenceAsync(object silence, int minutes)
    {
        var body = JsonSerializer.SerializeToNode(silence)!.AsObject();
        body["endsAt"] = _host.Clock.GetUtcNow().AddMinutes(minutes).ToString("O");
        body["comment"] = "Maintenance";
        return (await _owner.PostAsync("alert-silences", body)).ShouldBe(HttpStatusCode.Created).Id;
    }

    private static object Filter(string dimension, params string[] values) =>
        new { filters = new[] { new { dimension, values } } };

    private async Task RestartAsync()
    {
        var (database, clock) = (_host.Database, _host.Clock);
        await _host.DisposeAsync();
        _host = await AlertHost.StartAsync(database, clock);
        _owner = _host.Of(_team, "owner");
    }
}
