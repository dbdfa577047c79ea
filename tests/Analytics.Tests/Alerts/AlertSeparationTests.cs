using System.Net;
using System.Reflection;
using ApiSvc.Analytics.Tests.Alerts.Hosting;
using ApiSvc.ServiceDefaults.Permissions;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Analytics.Tests.Alerts;

/// <summary>Others walk every endpoint of alerts that there is.</summary>
public sealed class AlertSeparationTests : IAsyncLifetime
{
    private AlertHost _host = null!;
    private Guid _team;
    private AlertCaller _owner = null!;
    private AlertCaller _stranger = null!;
    private Dictionary<string, string> _ids = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AlertHost.StartAsync();
        _team = Guid.CreateVersion7();
        _owner = _host.Of(_team, "owner");
        _stranger = _host.Of(Guid.CreateVersion7(), "owner");
        var (channel, _) = await _owner.MakeChannelAsync(
            new
            {
                name = "private mail",
                kind = "email",
                addresses = new[] { "private@example.org" },
            }
        );
        var rule = await _owner.MakeRuleAsync(
            new { name = "private", channelIds = new[] { channel } }
        );
        var silence = await _owner.PostAsync(
            "alert-silences",
            new
            {
                ruleId = rule,
                endsAt = _host.Clock.GetUtcNow().AddDays(1),
                comment = "private",
            }
        );
        var delivery = await _owner.PostAsync($"alert-channels/{channel}/test");
        await _host.NextMinuteAsync(6);
        _ids = new()
        {
            ["ruleId"] = rule,
            ["channelId"] = channel,
            ["silenceId"] = silence.Id,
            ["deliveryId"] = delivery.Id,
        };
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void Permissions_OfEveryEndpoint_AreOnesThatRolesCanBeMadeOf() =>
        KnownPermissions
            .FindUnknown(_host.Services.GetRequiredService<EndpointDataSource>().Endpoints)
            .ShouldBeEmpty();

    [Fact]
    public async Task Rest_AnotherTeamsOwner_GetsNothingAnywhere()
    {
        var walked = 0;
        foreach (var (method, path) in Routes())
        {
            var answer = await _stranger.SendAsync(
                method,
                path.Replace("{teamId}", _owner.TeamId),
                etag: "*"
            );

            answer.Status.ShouldBe(HttpStatusCode.NotFound, $"{method} {path}: {answer.Text}");
            walked++;
        }

        walked.ShouldBe(19);
        (await _owner.GetAsync($"alert-rules/{_ids["ruleId"]}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Rest_ForeignObjectsUnderTheOwnTeam_AreNotThere()
    {
        foreach (var (method, path) in Routes())
        {
            object? body = (method, path) switch
            {
                ("PUT", _) when path.Contains("alert-rules", StringComparison.Ordinal) =>
                    Rules.With(),
                ("PUT", _) => new
                {
                    name = "n",
                    kind = "email",
                    addresses = new[] { "a@example.org" },
                },
                _ => null,
            };
            var answer = await _stranger.SendAsync(
                method,
                path.Replace("{teamId}", _stranger.TeamId),
                body,
                "*"
            );

            answer.Text.ShouldNotContain("private");
            if (_ids.Values.Any(path.Contains))
            {
                answer.Status.ShouldBe(HttpStatusCode.NotFound, $"{method} {path}: {answer.Text}");
            }
            else if (method == "GET")
            {
                answer.Json.GetProperty("items").GetArrayLength().ShouldBe(0, path);
            }
        }

        var named = await _stranger.PostAsync(
            "alert-rules",
            Rules.With(new { channelIds = new[] { _ids["channelId"] } })
        );
        named.ShouldBe(HttpStatusCode.BadRequest);
        var silenced = await _stranger.PostAsync(
            "alert-silences",
            new
            {
                ruleId = _ids["ruleId"],
                endsAt = _host.Clock.GetUtcNow().AddDays(1),
                comment = "c",
            }
        );
        silenced.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Rest_ViewerOfTheTeam_ReadsAndChangesNothing()
    {
        var viewer = _host.Of(_team, "viewer");
        foreach (var (method, path) in Routes())
        {
            var answer = await viewer.SendAsync(
                method,
                path.Replace("{teamId}", _owner.TeamId),
                etag: "*"
            );

            answer.Status.ShouldBe(
                method == "GET" ? HttpStatusCode.OK : HttpStatusCode.Forbidden,
                $"{method} {path}: {answer.Text}"
            );
        }
    }

    [Fact]
    public async Task Grpc_AnotherTeamsOwner_GetsNothingAnywhere()
    {
        var client = new Contracts.Analytics.V1.Alerts.AlertsClient(_host.Channel);
        var calls = typeof(Contracts.Analytics.V1.Alerts.AlertsClient)
            .GetMethods()
            .Where(m =>
                m.Name.EndsWith("Async", StringComparison.Ordinal) && m.GetParameters().Length == 2
            )
            .ToList();
        foreach (var call in calls)
        {
            foreach (var team in (string[])[_owner.TeamId, _stranger.TeamId])
            {
                var request = Activator.CreateInstance(call.GetParameters()[0].ParameterType)!;
                Fill(request, call.Name, team);
                var (status, text) = await AskAsync(client, call, request);

                text.ShouldNotContain("private", customMessage: call.Name);
                if (team == _owner.TeamId)
                {
                    status.ShouldBe(StatusCode.NotFound, call.Name);
                }
                else
                {
                    status.ShouldBeOneOf(
                        [StatusCode.OK, StatusCode.NotFound, StatusCode.InvalidArgument],
                        call.Name
                    );
                }
            }
        }

        calls.Count.ShouldBe(19);
    }

    // From the routes as they are mapped: a new endpoint is walked without being listed here.
    private List<(string Method, string Path)> Routes() =>
        [
            .. _host
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Where(e =>
                    e.RoutePattern.RawText!.StartsWith(
                        "/v1/teams/{teamId}/alert",
                        StringComparison.Ordinal
                    )
                )
                .Select(e =>
                    (
                        e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0],
                        _ids.Aggregate(
                            e.RoutePattern.RawText!,
                            (path, id) => path.Replace($"{{{id.Key}}}", id.Value)
                        )
                    )
                ),
        ];

    private void Fill(object request, string call, string team)
    {
        var id = _ids.First(i =>
            call.Contains(i.Key[..^2], StringComparison.OrdinalIgnoreCase)
            || !_ids.Keys.Any(k => call.Contains(k[..^2], StringComparison.OrdinalIgnoreCase))
        ).Value;
        Set(request, "TeamId", team);
        Set(request, "Id", id);
        foreach (var field in (string[])["Rule", "Channel"])
        {
            if (request.GetType().GetProperty(field) is { } property)
            {
                var inner = Activator.CreateInstance(property.PropertyType)!;
                Set(inner, "Id", id);
                property.SetValue(request, inner);
            }
        }
    }

    private static void Set(object message, string name, string value) =>
        message.GetType().GetProperty(name)?.SetValue(message, value);

    private async Task<(StatusCode Status, string Text)> AskAsync(
        ClientBase client,
        MethodInfo call,
        object request
    )
    {
        try
        {
            var made = call.Invoke(client, [request, new CallOptions(headers: _stranger.Headers)])!;
            var task = (Task)made.GetType().GetProperty("ResponseAsync")!.GetValue(made)!;
            await task;
            return (
                StatusCode.OK,
                task.GetType().GetProperty("Result")!.GetValue(task)!.ToString()!
            );
        }
        catch (RpcException e)
        {
            return (e.StatusCode, e.Message);
        }
    }
}
