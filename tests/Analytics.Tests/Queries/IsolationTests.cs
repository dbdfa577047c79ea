using System.Globalization;
using System.Net;
using ApiSvc.Analytics.Calls;
using ApiSvc.Analytics.Queries;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.Analytics.V1;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Requests;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ApiKind = ApiSvc.ServiceDefaults.Identifiers.ApiKind;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Tests.Queries;

/// <summary>What a team may not see it does not get, whatever it asks for.</summary>
public sealed class IsolationTests(SceneFixture fixture) : IClassFixture<SceneFixture>
{
    private static readonly string Range =
        $"from={Scene.Midnight.AddDays(-2).UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}";

    private Scene Scene => fixture.Scene;

    [Fact]
    public async Task Rest_EveryEndpointOfAnotherTeamOrThePlatform_IsRefused()
    {
        var stranger = Scene.Host.Of(Scene.Strangers, "owner");
        var walked = 0;
        foreach (var pattern in Patterns())
        {
            foreach (var other in (Guid[])[Scene.Acme, Scene.Shop])
            {
                var path = pattern
                    .Replace("{teamId}", Scene.Text<TeamKind>(other), StringComparison.Ordinal)
                    .Replace("{callId}", Scene.Text<CallKind>(AnyCall()), StringComparison.Ordinal);
                var answer = await stranger.GetAsync(path + "?by=api");
                answer.Status.ShouldBe(
                    pattern.Contains("{teamId}", StringComparison.Ordinal)
                        ? HttpStatusCode.NotFound
                        : HttpStatusCode.Forbidden,
                    path
                );
                walked++;
            }
        }

        walked.ShouldBe(2 * 20);
    }

    [Fact]
    public async Task Rest_EveryParameterWithOthersValues_GivesNothing()
    {
        var stranger = Scene.Host.Of(Scene.Strangers, "owner");
        var own = Scene.PathOf(Scene.Strangers);
        var record = Scene.Records.First(r => !r.ApplicationId.IsEmpty);
        var parameters = ValuesOf(record);
        foreach (var (name, value) in parameters)
        {
            var query = $"{Range}&{name}={Uri.EscapeDataString(value)}";
            (await SearchTests.AllAsync(stranger, $"{own}/calls?{query}")).ShouldBeEmpty(name);
            (await stranger.GetAsync($"{own}/calls/export?{query}"))
                .ShouldBe(HttpStatusCode.OK)
                .Text.ShouldBeEmpty(name);
            if (!IsOfRange(name))
            {
                continue;
            }

            foreach (var dimension in System.Enum.GetNames<Analytics.Queries.Dimension>())
            {
                var by = "by=" + char.ToLowerInvariant(dimension[0]) + dimension[1..];
                (await stranger.GetAsync($"{own}/breakdown?{query}&{by}"))
                    .Json.GetProperty("items")
                    .GetArrayLength()
                    .ShouldBe(0);
                (await stranger.GetAsync($"{own}/top?{query}&{by}"))
                    .Json.GetProperty("items")
                    .GetArrayLength()
                    .ShouldBe(0);
                (await stranger.GetAsync($"{own}/series?{query}&{by}"))
                    .Json.GetProperty("series")
                    .GetArrayLength()
                    .ShouldBe(0);
            }

            (await stranger.GetAsync($"{own}/percentiles?{query}"))
                .Json.GetProperty("calls")
                .GetInt64()
                .ShouldBe(0);
        }

        // Every parameter that there is was walked.
        DeclaredBy("/calls")
            .Except(parameters.Select(p => p.Name))
            .ShouldBe(["from", "to", "side", "limit", "cursor"], ignoreOrder: true);
    }

    [Fact]
    public async Task Rest_EveryParameterWithSql_IsAViolationOrJustText()
    {
        const string Sql = "'; drop table call; select '1";
        var party = Scene.Host.Of(Scene.Acme, "owner");
        string[] texts =
        [
            "pathContains",
            "queryContains",
            "userAgentContains",
            "method",
            "host",
            "clientAddress",
            "user",
            "credentialPrefix",
            "problemId",
            "refusedBy",
            "node",
            "upstreamAddress",
            "environment",
        ];
        foreach (
            var endpoint in (string[])["/calls", "/series", "/top", "/breakdown", "/percentiles"]
        )
        {
            var by = endpoint is "/top" or "/breakdown" ? "by=api&" : "";
            foreach (var name in DeclaredBy(endpoint))
            {
                var answer = await party.GetAsync(
                    $"{Scene.PathOf(Scene.Acme)}{endpoint}?{(name == "by" ? "" : by)}{name}={Uri.EscapeDataString(Sql)}"
                );
                if (texts.Contains(name))
                {
                    answer.ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain("call_");
                }
                else
                {
                    answer
                        .ShouldBe(HttpStatusCode.BadRequest)
                        .Violations.ShouldAllBe(v => v.StartsWith($"query:{name}"));
                }
            }
        }

        (await Scene.Host.QueryAsync<long>("select count(*) from call")).ShouldBe(
            Scene.Records.Count
        );
    }

    [Theory]
    [InlineData("/series?metric=latency", "query:metric wrong_type")]
    [InlineData("/series?by=team", "query:by wrong_type")]
    [InlineData("/series?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "query:from range")]
    [InlineData("/series?from=2020-01-02T00:00:00Z", "query:from range")]
    [InlineData("/series?from=2026-01-02", "query:from wrong_type")]
    [InlineData("/series?to=0001-01-01T00:00:00Z", "query:to range")]
    [InlineData("/calls?from=9999-12-31T23:59:59Z", "query:from range")]
    [InlineData("/series?interval=00:07:00", "query:interval invalid")]
    [InlineData("/series?interval=-00:01:00", "query:interval invalid")]
    [InlineData(
        "/series?from=2026-11-01T00:00:00Z&to=2026-11-20T00:00:00Z&interval=00:01:00",
        "query:interval range"
    )]
    [InlineData("/series?api=app_00000000000000000000000000", "query:api invalid")]
    [InlineData("/series?statusClass=20x", "query:statusClass invalid")]
    [InlineData("/series?colour=red", "query:colour unknown_parameter")]
    [InlineData("/top", "query:by required")]
    [InlineData("/top?by=api&limit=0", "query:limit range")]
    [InlineData("/breakdown?by=api&limit=101", "query:limit range")]
    [InlineData("/percentiles?p=100", "query:p range")]
    [InlineData("/percentiles?p=0", "query:p range")]
    [InlineData("/calls?status=1000", "query:status range")]
    [InlineData("/calls?traceId=abc", "query:traceId invalid")]
    [InlineData("/calls?minLatencyUs=5&maxLatencyUs=4", "query:maxLatencyUs range")]
    [InlineData("/calls?host=%00", "query:host invalid")]
    [InlineData("/calls/tail?from=2026-01-02T00:00:00Z", "query:from not_allowed")]
    [InlineData("/calls/export?format=xml", "query:format wrong_type")]
    [InlineData(
        "/breakdown?by=operation&side=consumer&from=2026-11-01T00:00:00Z&to=2026-11-20T00:00:00Z",
        "query:from range"
    )]
    public async Task Rest_WrongParameter_IsNamed(string path, string violation) =>
        (await Scene.Host.Of(Scene.Acme, "owner").GetAsync(Scene.PathOf(Scene.Acme) + path))
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe([violation]);

    [Fact]
    public async Task Grpc_AnotherTeamOrThePlatform_IsRefused()
    {
        var client = new V1.Analytics.AnalyticsClient(Scene.Host.Channel);
        var headers = Scene.Host.Of(Scene.Strangers, "owner").Headers;
        foreach (var team in (string[])[Scene.Text<TeamKind>(Scene.Acme), ""])
        {
            var expected = team.Length == 0 ? StatusCode.PermissionDenied : StatusCode.NotFound;
            Func<Task>[] calls =
            [
                async () =>
                    await client.QuerySeriesAsync(
                        new() { TeamId = team, Metric = V1.Metric.Calls },
                        headers
                    ),
                async () =>
                    await client.QueryTopAsync(
                        new()
                        {
                            TeamId = team,
                            Metric = V1.Metric.Calls,
                            By = V1.Dimension.Api,
                        },
                        headers
                    ),
                async () =>
                    await client.QueryBreakdownAsync(
                        new() { TeamId = team, By = V1.Dimension.Api },
                        headers
                    ),
                async () => await client.QueryPercentilesAsync(new() { TeamId = team }, headers),
                async () => await client.SearchCallsAsync(new() { TeamId = team }, headers),
                async () =>
                    await client.GetCallAsync(
                        new() { TeamId = team, Id = AnyCall().ToString() },
                        headers
                    ),
                async () =>
                    await client
                        .TailCalls(new() { TeamId = team }, headers)
                        .ResponseStream.MoveNext(default),
                async () =>
                    await client
                        .ExportCalls(new() { TeamId = team }, headers)
                        .ResponseStream.MoveNext(default),
            ];
            foreach (var call in calls)
            {
                (await Should.ThrowAsync<RpcException>(call)).StatusCode.ShouldBe(expected);
            }
        }

        (
            await Should.ThrowAsync<RpcException>(async () =>
                await client.ListLostCallsAsync(new(), headers)
            )
        ).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Grpc_OwnTeam_GetsTheSameAsRest()
    {
        var client = new V1.Analytics.AnalyticsClient(Scene.Host.Channel);
        var headers = Scene.Host.Of(Scene.Shop, "viewer").Headers;
        var team = Scene.Text<TeamKind>(Scene.Shop);
        var range = new TimeRange
        {
            From = Scene.Midnight.AddDays(-2).ToTimestamp(),
            To = DateTimeOffset.UtcNow.AddHours(1).ToTimestamp(),
        };
        var expected = Scene.Of(Scene.Shop).ToList();

        var series = await client.QuerySeriesAsync(
            new()
            {
                TeamId = team,
                Range = range,
                Metric = V1.Metric.Errors,
                Interval = Duration.FromTimeSpan(TimeSpan.FromHours(3)),
            },
            headers
        );
        series.Series[0].Points.Sum(p => p.Value).ShouldBe(expected.Count(r => r.Status >= 400));
        var percentiles = await client.QueryPercentilesAsync(
            new()
            {
                TeamId = team,
                Range = range,
                Percentiles = { 50 },
            },
            headers
        );
        percentiles.Calls.ShouldBe((ulong)expected.Count);
        using var export = client.ExportCalls(
            new()
            {
                TeamId = team,
                Range = range,
                Filters =
                {
                    new Filter { Dimension = V1.Dimension.StatusClass, Values = { "5xx" } },
                },
            },
            headers
        );
        var exported = 0;
        await foreach (var call in export.ResponseStream.ReadAllAsync())
        {
            call.Status.ShouldBeGreaterThanOrEqualTo(500u);
            exported++;
        }

        exported.ShouldBe(expected.Count(r => r.Status >= 500));
    }

    [Fact]
    public async Task Grpc_WrongFields_AreNamed()
    {
        var client = new V1.Analytics.AnalyticsClient(Scene.Host.Channel);
        var refused = await Should.ThrowAsync<RpcException>(async () =>
            await client.QuerySeriesAsync(
                new()
                {
                    TeamId = Scene.Text<TeamKind>(Scene.Acme),
                    Metric = (V1.Metric)99,
                    Range = new()
                    {
                        From = Scene.Midnight.ToTimestamp(),
                        To = Scene.Midnight.AddDays(-1).ToTimestamp(),
                    },
                    Filters =
                    {
                        new Filter { Dimension = V1.Dimension.Api, Values = { "' or 1=1" } },
                    },
                },
                Scene.Host.Of(Scene.Acme, "viewer").Headers
            )
        );

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused
            .GetRpcStatus()!
            .Details.Single(d => d.Is(Google.Rpc.BadRequest.Descriptor))
            .Unpack<Google.Rpc.BadRequest>()
            .FieldViolations.Select(v => v.Field)
            .ShouldBe(["#/metric", "#/range/from", "#/filters"], ignoreOrder: true);
    }

    private List<string> Patterns() =>
        [
            .. Scene
                .Host.Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .Select(e => e.RoutePattern.RawText!)
                .Where(p => p.StartsWith("/v1/", StringComparison.Ordinal))
                .Where(p => !p.EndsWith("/erasures", StringComparison.Ordinal)),
        ];

    private IEnumerable<string> DeclaredBy(string endpoint) =>
        Scene
            .Host.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Single(e => e.RoutePattern.RawText == "/v1/teams/{teamId}" + endpoint)
            .Metadata.OfType<RequestParameter>()
            .Where(p => p.Place == RequestParameterPlace.Query)
            .Select(p => p.Name);

    private Guid AnyCall() => new(Scene.Records[0].CallId.Span, bigEndian: true);

    private static bool IsOfRange(string name) =>
        typeof(RangeInput)
            .GetProperties()
            .Any(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IReadOnlyList<(string Name, string Value)> ValuesOf(CallRecord r) =>
        [
            ("api", Text<ApiKind>(r.ApiId)),
            ("version", Text<VersionKind>(r.VersionId)),
            ("operation", Text<OperationKind>(r.OperationUuid)),
            ("application", Text<ApplicationKind>(r.ApplicationId)),
            ("subscription", Text<SubscriptionKind>(r.SubscriptionId)),
            ("plan", Text<PlanKind>(r.PlanId)),
            ("environment", r.Environment),
            ("statusClass", $"{r.Status / 100}xx"),
            ("status", r.Status.ToString(CultureInfo.InvariantCulture)),
            ("pathContains", r.Path),
            ("queryContains", "page"),
            ("userAgentContains", "agent"),
            ("method", r.Method),
            ("host", r.Host),
            ("clientAddress", r.ClientAddress),
            ("user", r.User),
            ("credentialPrefix", "ak_"),
            ("problemId", "refused"),
            ("refusedBy", "rate-limit"),
            ("node", r.Node),
            ("upstreamAddress", r.UpstreamAddress),
            ("traceId", Convert.ToHexStringLower(r.TraceId.Span)),
            ("minLatencyUs", "0"),
            ("maxLatencyUs", "4000000000"),
        ];

    private static string Text<TKind>(Google.Protobuf.ByteString id)
        where TKind : IIdKind => Scene.Text<TKind>(new Guid(id.Span, bigEndian: true));
}
