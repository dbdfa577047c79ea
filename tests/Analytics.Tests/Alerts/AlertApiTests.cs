using System.Net;
using ApiSvc.Analytics.Tests.Alerts.Hosting;
using ApiSvc.Contracts.Analytics.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ApiSvc.Analytics.Tests.Alerts;

public sealed class AlertApiTests : IAsyncLifetime
{
    private AlertHost _host = null!;
    private AlertCaller _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AlertHost.StartAsync(
            settings: [("Alerts:RulesPerTeam", "3"), ("Alerts:ChannelsPerTeam", "3")]
        );
        _owner = _host.Of(Guid.CreateVersion7(), "owner");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task CreateRule_WithAllFields_IsReadAsItWasGiven()
    {
        var (channel, _) = await MailAsync("Mail");
        var given = Rules.With(
            new
            {
                description = "See the runbook.",
                metric = "errorRate",
                side = "provider",
                filters = new[]
                {
                    new { dimension = "statusClass", values = new[] { "5xx", "none" } },
                    new { dimension = "environment", values = new[] { "production" } },
                },
                windowSeconds = 3600,
                comparison = "atLeast",
                threshold = 0.05,
                holdSeconds = 90,
                noData = "keep",
                severity = "critical",
                channelIds = new[] { channel },
                enabled = false,
            }
        );

        var made = (await _owner.PostAsync("alert-rules", given)).ShouldBe(HttpStatusCode.Created);
        var read = await _owner.GetAsync(made.Location!);

        read.Text.ShouldBe(made.Text);
        read.ETag.ShouldBe(made.ETag);
        foreach (var (name, value) in given)
        {
            read.Json.GetProperty(name).GetRawText().ShouldBe(value!.ToJsonString());
        }
    }

    [Fact]
    public async Task CreateRule_WithMuchWrong_NamesAllOfIt()
    {
        var form = await _owner.PostAsync(
            "alert-rules",
            new
            {
                name = "",
                metric = "magic",
                windowSeconds = 59,
                holdSeconds = -1,
                threshold = -1,
                channels = 7,
            }
        );
        var meaning = await _owner.PostAsync(
            "alert-rules",
            Rules.With(
                new
                {
                    name = "two\nlines",
                    metric = "errorRate",
                    threshold = 5,
                    windowSeconds = 90,
                    filters = new[] { new { dimension = "api", values = new[] { "7", "8" } } },
                }
            )
        );
        var channel = await _owner.PostAsync(
            "alert-rules",
            Rules.With(new { channelIds = new[] { "channel_00000000000000000000000000" } })
        );

        form.ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(
                [
                    "#/name",
                    "#/metric",
                    "#/windowSeconds",
                    "#/holdSeconds",
                    "#/threshold",
                    "#/channels",
                    "#/comparison",
                ],
                ignoreOrder: true
            );
        meaning
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(
                ["#/name", "#/threshold", "#/windowSeconds", "#/filters", "#/filters"],
                ignoreOrder: true
            );
        channel.ShouldBe(HttpStatusCode.BadRequest).Violations.ShouldBe(["#/channelIds"]);
        (await _owner.ListAsync("alert-rules")).ShouldBeEmpty();
    }

    [Fact]
    public async Task ChangeRule_WithStaleOrNoTag_IsRefused()
    {
        var rule = await _owner.MakeRuleAsync();
        var first = await _owner.GetAsync($"alert-rules/{rule}");
        var changed = await _owner.SendAsync(
            "PUT",
            $"alert-rules/{rule}",
            Rules.With(new { threshold = 7 }),
            first.ETag
        );

        changed.ShouldBe(HttpStatusCode.OK).ETag.ShouldNotBe(first.ETag);
        foreach (var method in (string[])["PUT", "DELETE"])
        {
            var body = method == "PUT" ? Rules.With() : null;
            (await _owner.SendAsync(method, $"alert-rules/{rule}", body, first.ETag)).ShouldBe(
                HttpStatusCode.PreconditionFailed
            );
            (await _owner.SendAsync(method, $"alert-rules/{rule}", body)).ShouldBe(
                HttpStatusCode.PreconditionRequired
            );
        }

        (await _owner.GetAsync($"alert-rules/{rule}"))
            .Json.GetProperty("threshold")
            .GetDouble()
            .ShouldBe(7);
    }

    [Fact]
    public async Task Create_WithTheSameKey_GivesTheSameAnswer()
    {
        var rule = await _owner.PostAsync("alert-rules", Rules.With(), "k");
        var again = await _owner.PostAsync("alert-rules", Rules.With(), "k");
        var hook = new
        {
            name = "Hook",
            kind = "webhook",
            url = "https://hooks.example.org/",
        };
        var channel = await _owner.PostAsync("alert-channels", hook, "k");
        var repeated = await _owner.PostAsync("alert-channels", hook, "k");

        again.ShouldBe(HttpStatusCode.Created).Text.ShouldBe(rule.Text);
        channel.ShouldBe(HttpStatusCode.Created);
        repeated.Text.ShouldBe(channel.Text);
        (await _owner.ListAsync("alert-channels")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Create_PastNamesAndNumbers_IsAConflict()
    {
        await _owner.MakeRuleAsync();
        (await _owner.PostAsync("alert-rules", Rules.With())).ShouldBe(HttpStatusCode.Conflict);
        await _owner.MakeRuleAsync(new { name = "2" });
        await _owner.MakeRuleAsync(new { name = "3" });
        var many = await _owner.PostAsync("alert-rules", Rules.With(new { name = "4" }));

        many.ShouldBe(HttpStatusCode.Conflict).Text.ShouldContain("too-many-rules");
        await _host.Of(Guid.CreateVersion7(), "owner").MakeRuleAsync();
    }

    [Theory]
    [InlineData("webhook", null, null, "#/url")]
    [InlineData("webhook", "ftp://example.org/", null, "#/url")]
    [InlineData("webhook", "https://user@example.org/", null, "#/url")]
    [InlineData("slack", "https://example.org/#a", null, "#/url")]
    [InlineData("slack", "https://example.org/", "a@example.org", "#/addresses")]
    [InlineData("email", null, null, "#/addresses")]
    [InlineData("email", "https://example.org/", "a@example.org", "#/url")]
    [InlineData("email", null, "a@example.org\r\nBcc: b@example.org", "#/addresses")]
    [InlineData("pigeon", null, null, "#/kind")]
    public async Task CreateChannel_OfAnotherForm_IsRefused(
        string kind,
        string? url,
        string? address,
        string place
    )
    {
        var refused = await _owner.PostAsync(
            "alert-channels",
            new
            {
                name = "Channel",
                kind,
                url,
                addresses = address is null ? [] : new[] { address },
            }
        );

        refused.ShouldBe(HttpStatusCode.BadRequest).Violations.ShouldBe([place]);
    }

    [Fact]
    public async Task DeleteChannel_ThatARuleNames_IsRefusedUntilItDoesNot()
    {
        var (channel, _) = await MailAsync("Mail");
        var rule = await _owner.MakeRuleAsync(new { channelIds = new[] { channel } });

        var refused = await _owner.SendAsync("DELETE", $"alert-channels/{channel}", etag: "*");
        refused.ShouldBe(HttpStatusCode.Conflict).Text.ShouldContain("Errors");
        (await _owner.SendAsync("PUT", $"alert-rules/{rule}", Rules.With(), "*")).ShouldBe(
            HttpStatusCode.OK
        );

        (await _owner.SendAsync("DELETE", $"alert-channels/{channel}", etag: "*")).ShouldBe(
            HttpStatusCode.NoContent
        );
        (await _owner.GetAsync($"alert-channels/{channel}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task CreateSilence_OfTheWrongTimeOrRule_IsRefused()
    {
        var now = _host.Clock.GetUtcNow();
        var past = await _owner.PostAsync(
            "alert-silences",
            new
            {
                ruleId = "rule_00000000000000000000000000",
                endsAt = now.AddMinutes(-1),
                comment = "c",
            }
        );
        var reversed = await _owner.PostAsync(
            "alert-silences",
            new
            {
                startsAt = now.AddMinutes(5),
                endsAt = now.AddMinutes(4),
                comment = "c",
            }
        );

        past.ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(["#/endsAt", "#/ruleId"], ignoreOrder: true);
        reversed.ShouldBe(HttpStatusCode.BadRequest).Violations.ShouldBe(["#/endsAt"]);
    }

    [Fact]
    public async Task Changes_OfEveryKind_AreAudited()
    {
        var (channel, _) = await MailAsync("Mail");
        var rule = await _owner.MakeRuleAsync();
        await _owner.SendAsync("PUT", $"alert-rules/{rule}", Rules.With(), "*");
        await _owner.SendAsync("DELETE", $"alert-rules/{rule}", etag: "*");
        await _owner.PostAsync($"alert-channels/{channel}/test");
        await _owner.SendAsync("DELETE", $"alert-channels/{channel}", etag: "*");

        (
            await _host.ListAsync<string>("select action from service.audit_log order by position")
        ).ShouldBe([
            "alert-channel.create",
            "alert-rule.create",
            "alert-rule.update",
            "alert-rule.delete",
            "alert-channel.test",
            "alert-channel.delete",
        ]);
    }

    [Fact]
    public async Task Grpc_RuleThatFires_IsListedAsOverRest()
    {
        var alerts = new Contracts.Analytics.V1.Alerts.AlertsClient(_host.Channel);
        var (rule, _) = await MakeByGrpcAsync(alerts);
        rule.Severity.ShouldBe(AlertSeverity.Warning);
        rule.NoData.ShouldBe(AlertNoData.Ok);

        await _host.NextMinuteAsync(6);

        var alert = (
            await alerts.ListAlertsAsync(
                new() { TeamId = _owner.TeamId, States = { AlertState.Firing } },
                _owner.Headers
            )
        ).Alerts.ShouldHaveSingleItem();
        alert.Value.ShouldBe(6);
        var none = await alerts.ListAlertsAsync(
            new() { TeamId = _owner.TeamId, States = { AlertState.Resolved } },
            _owner.Headers
        );
        none.Alerts.ShouldBeEmpty();
        var history = await alerts.ListAlertHistoryAsync(
            new() { TeamId = _owner.TeamId, RuleId = rule.Id },
            _owner.Headers
        );
        history.Changes.ShouldHaveSingleItem().To.ShouldBe(AlertState.Firing);
    }

    [Fact]
    public async Task Grpc_SilencesAndDeliveries_AreListed()
    {
        var alerts = new Contracts.Analytics.V1.Alerts.AlertsClient(_host.Channel);
        var (rule, channel) = await MakeByGrpcAsync(alerts);
        var silence = await alerts.CreateAlertSilenceAsync(
            new()
            {
                TeamId = _owner.TeamId,
                Silence = new()
                {
                    RuleId = rule.Id,
                    EndsAt = _host.Clock.GetUtcNow().AddMinutes(1).ToTimestamp(),
                    Comment = "c",
                },
            },
            _owner.Headers
        );
        (await alerts.ListAlertSilencesAsync(new() { TeamId = _owner.TeamId }, _owner.Headers))
            .Silences.ShouldHaveSingleItem()
            .ShouldBe(silence);
        var delivery = await alerts.TestAlertChannelAsync(
            new() { TeamId = _owner.TeamId, Id = channel.Id },
            _owner.Headers
        );
        delivery.Status.ShouldBe(AlertDeliveryStatus.Waiting);
        var one = new GetAlertDeliveryRequest { TeamId = _owner.TeamId, Id = delivery.Id };
        (await alerts.GetAlertDeliveryAsync(one, _owner.Headers)).ShouldBe(delivery);
    }

    [Fact]
    public async Task Grpc_ChangesThatDoNotFit_HaveTheContractsCodes()
    {
        var alerts = new Contracts.Analytics.V1.Alerts.AlertsClient(_host.Channel);
        var (rule, channel) = await MakeByGrpcAsync(alerts);
        rule.Threshold = 7;
        var update = new UpdateAlertRuleRequest { TeamId = _owner.TeamId, Rule = rule };

        var changed = await alerts.UpdateAlertRuleAsync(update, _owner.Headers);
        changed.Threshold.ShouldBe(7);
        var stale = await Should.ThrowAsync<RpcException>(async () =>
            await alerts.UpdateAlertRuleAsync(update, _owner.Headers)
        );
        stale.StatusCode.ShouldBe(StatusCode.Aborted);
        var taken = await Should.ThrowAsync<RpcException>(() => MakeByGrpcAsync(alerts));
        taken.StatusCode.ShouldBe(StatusCode.AlreadyExists);
        var used = await Should.ThrowAsync<RpcException>(async () =>
            await alerts.DeleteAlertChannelAsync(
                new()
                {
                    TeamId = _owner.TeamId,
                    Id = channel.Id,
                    Etag = channel.Etag,
                },
                _owner.Headers
            )
        );
        used.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task Grpc_RuleWithMuchWrong_NamesTheFields()
    {
        var alerts = new Contracts.Analytics.V1.Alerts.AlertsClient(_host.Channel);

        var refused = await Should.ThrowAsync<RpcException>(async () =>
            await alerts.CreateAlertRuleAsync(
                new()
                {
                    TeamId = _owner.TeamId,
                    Rule = new() { WindowSeconds = 7, ChannelIds = { "x" } },
                },
                _owner.Headers
            )
        );

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused
            .GetRpcStatus()!
            .Details.Single(d => d.Is(Google.Rpc.BadRequest.Descriptor))
            .Unpack<Google.Rpc.BadRequest>()
            .FieldViolations.Select(v => v.Field)
            .ShouldBe(
                ["#/rule/name", "#/rule/window_seconds", "#/rule/channel_ids[0]"],
                ignoreOrder: true
            );
    }

    private async Task<(AlertRule Rule, AlertChannel Channel)> MakeByGrpcAsync(
        Contracts.Analytics.V1.Alerts.AlertsClient alerts
    )
    {
        var made = await alerts.CreateAlertChannelAsync(
            new()
            {
                TeamId = _owner.TeamId,
                Channel = new()
                {
                    Name = "Hook",
                    Kind = AlertChannelKind.Webhook,
                    Url = "https://hooks.example.org/",
                },
                IdempotencyKey = "k",
            },
            _owner.Headers
        );
        made.Secret.ShouldStartWith("whsec_");
        var rule = await alerts.CreateAlertRuleAsync(
            new()
            {
                TeamId = _owner.TeamId,
                Rule = new()
                {
                    Name = "Errors",
                    Metric = Metric.Errors,
                    WindowSeconds = 60,
                    Comparison = AlertComparison.Above,
                    Threshold = 5,
                    ChannelIds = { made.Channel.Id },
                },
            },
            _owner.Headers
        );
        return (rule, made.Channel);
    }

    private Task<(string Id, string? Secret)> MailAsync(string name) =>
        _owner.MakeChannelAsync(
            new
            {
                name,
                kind = "email",
                addresses = new[] { "ops@example.org" },
            }
        );
}
