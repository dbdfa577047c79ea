using System.Globalization;
using System.Net;
using System.Text.Json;
using ApiSvc.Analytics.Queries;
using ApiSvc.Analytics.Rollups;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using Google.Protobuf;
using ApiKind = ApiSvc.ServiceDefaults.Identifiers.ApiKind;
using Metric = ApiSvc.Analytics.Queries.Metric;

namespace ApiSvc.Analytics.Tests.Queries;

/// <summary>Numbers as they are answered against the calls, counted one by one.</summary>
public sealed class NumberTests(SceneFixture fixture) : IClassFixture<SceneFixture>
{
    private static readonly (string From, string To)[] Ranges =
    [
        // Two whole days, whole hours, and what begins and ends anywhere.
        (At(Scene.Midnight.AddDays(-2)), At(Scene.Midnight)),
        (At(Scene.Midnight.AddDays(-1).AddHours(-5)), At(Scene.Midnight.AddHours(-3))),
        (At(Scene.Midnight.AddDays(-2).AddMinutes(77)), At(DateTimeOffset.UtcNow.AddHours(1))),
    ];

    // One of each kind; a breakdown has them all.
    private static readonly Metric[] OverTime =
    [
        Metric.Calls,
        Metric.ErrorRate,
        Metric.LatencyP95,
        Metric.LatencyMean,
    ];

    private Scene Scene => fixture.Scene;

    public static TheoryData<string, string> Views =>
        new MatrixTheoryData<string, string>(
            ["acme", "shop", "platform"],
            ["both", "provider", "consumer"]
        );

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Breakdown_ByEveryDimension_IsWhatTheCallsAre(string who, string side)
    {
        var (team, party) = Party(who);
        foreach (var (from, to) in Ranges)
        {
            foreach (var dimension in Enum.GetValues<Dimension>())
            {
                var answer = await party.GetAsync(
                    $"{Scene.PathOf(team)}/breakdown?by={Word(dimension)}&side={side}&from={from}&to={to}&limit=100"
                );

                var told = answer
                    .ShouldBe(HttpStatusCode.OK)
                    .Json.GetProperty("items")
                    .EnumerateArray()
                    .ToDictionary(i => i.GetProperty("key").GetString()!);
                var expected = Within(Scene.Of(team, side), from, to)
                    .GroupBy(r => KeyOf(dimension, r))
                    .ToDictionary(g => g.Key, Scene.Count1By1);
                told.Keys.ShouldBe(expected.Keys, ignoreOrder: true, $"{dimension} {from} {to}");
                foreach (var (key, measures) in expected)
                {
                    foreach (var metric in Enum.GetValues<Metric>())
                    {
                        told[key]
                            .GetProperty(Word(metric))
                            .GetDouble()
                            .ShouldBe(
                                MetricValues.Of(metric, measures),
                                1e-9,
                                $"{metric} of {key} by {dimension}"
                            );
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Series_OverTime_IsWhatTheCallsAre(string who, string side)
    {
        var (team, party) = Party(who);
        string[] intervals = ["00:15:00", "03:00:00", "1.00:00:00"];
        foreach (var (from, to) in Ranges)
        {
            foreach (var interval in intervals)
            {
                foreach (var metric in OverTime)
                {
                    var answer = await party.GetAsync(
                        $"{Scene.PathOf(team)}/series?metric={Word(metric)}&interval={interval}&side={side}&from={from}&to={to}"
                    );

                    var told = Points(
                        answer.ShouldBe(HttpStatusCode.OK).Json.GetProperty("series")[0]
                    );
                    var length = TimeSpan.Parse(interval, CultureInfo.InvariantCulture);
                    var expected = Within(Scene.Of(team, side), from, to)
                        .GroupBy(r => QueryInterval.StartOf(TimeOf(r), length))
                        .ToDictionary(g => g.Key, g => MetricValues.Of(metric, Scene.Count1By1(g)));
                    told.Where(p => expected.ContainsKey(p.Key))
                        .ShouldAllBe(p => Math.Abs(p.Value - expected[p.Key]) < 1e-6);
                    expected.Keys.Except(told.Keys).ShouldBeEmpty();
                    told.Where(p => !expected.ContainsKey(p.Key)).ShouldAllBe(p => p.Value == 0);
                }
            }
        }
    }

    [Fact]
    public async Task Series_FilteredByDimensionsOfBothFamilies_IsWhatTheCallsAre()
    {
        var (team, party) = Party("shop");
        var api = Scene.Apis[0].Id;
        var application = Scene.Applications[1].Id;
        var answer = await party.GetAsync(
            $"{Scene.PathOf(team)}/series?by=operation&api={Scene.Text<ApiKind>(api)}&application={Scene.Text<ApplicationKind>(application)}&statusClass=2xx&statusClass=4xx&interval=06:00:00&from={Ranges[0].From}&to={Ranges[0].To}"
        );

        var told = answer
            .ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("series")
            .EnumerateArray()
            .ToDictionary(s => s.GetProperty("key").GetString()!, s => Points(s).Values.Sum());
        var expected = Within(Scene.Of(team), Ranges[0].From, Ranges[0].To)
            .Where(r =>
                r.ApiId.Equals(Sample.Bytes(api))
                && r.ApplicationId.Equals(Sample.Bytes(application))
                && r.Status / 100 is 2 or 4
            )
            .Where(r =>
                r.ApiId.Equals(Sample.Bytes(api))
                && r.ApplicationId.Equals(Sample.Bytes(application))
            )
            .GroupBy(r => KeyOf(Dimension.Operation, r))
            .ToDictionary(g => g.Key, g => (double)g.Count());
        told.ShouldBe(expected, ignoreOrder: true);
        told.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Series_Compared_HasTheRangeBefore()
    {
        var (team, party) = Party("acme");
        var from = Scene.Midnight.AddDays(-1);
        var answer = await party.GetAsync(
            $"{Scene.PathOf(team)}/series?interval=1.00:00:00&compare=true&from={At(from)}&to={At(Scene.Midnight)}"
        );

        var json = answer.ShouldBe(HttpStatusCode.OK).Json;
        Points(json.GetProperty("previous")[0])[from.AddDays(-1).UtcDateTime]
            .ShouldBe(Within(Scene.Of(team), At(from.AddDays(-1)), At(from)).Count());
        Points(json.GetProperty("series")[0])[from.UtcDateTime]
            .ShouldBe(Within(Scene.Of(team), At(from), At(Scene.Midnight)).Count());
    }

    [Fact]
    public async Task Top_ByLatency_IsInTheRightOrder()
    {
        var (team, party) = Party("acme");
        var answer = await party.GetAsync(
            $"{Scene.PathOf(team)}/top?metric=latencyP95&by=operation&limit=3&from={Ranges[0].From}&to={Ranges[0].To}&side=provider"
        );

        var expected = Within(Scene.Of(team, "provider"), Ranges[0].From, Ranges[0].To)
            .GroupBy(r => KeyOf(Dimension.Operation, r))
            .Select(g => (g.Key, Value: Scene.Count1By1(g).Latency.Percentile(95)))
            .OrderByDescending(g => g.Value)
            .Take(3)
            .Select(g => g.Value);
        answer
            .ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("items")
            .EnumerateArray()
            .Select(i => i.GetProperty("value").GetDouble())
            .ShouldBe(expected);
    }

    [Fact]
    public async Task Percentiles_OverAnyRange_AreWithinOnePercentOfExact()
    {
        var (team, party) = Party("platform");
        foreach (var (from, to) in Ranges)
        {
            var answer = await party.GetAsync(
                $"{Scene.PathOf(team)}/percentiles?p=50&p=90&p=99&p=99.9&from={from}&to={to}"
            );

            var latencies = Within(Scene.Of(team), from, to)
                .Select(r => (double)r.LatencyUs)
                .Order()
                .ToList();
            var json = answer.ShouldBe(HttpStatusCode.OK).Json;
            json.GetProperty("calls").GetInt64().ShouldBe(latencies.Count);
            foreach (var line in json.GetProperty("items").EnumerateArray())
            {
                var percentile = line.GetProperty("percentile").GetDouble();
                var exact = latencies[(int)Math.Ceiling(percentile / 100 * latencies.Count) - 1];
                var told = line.GetProperty("latencyUs").GetDouble();
                (Math.Abs(told - exact) / exact).ShouldBeLessThanOrEqualTo(0.01);
            }
        }
    }

    private (Guid? Team, Party Party) Party(string who) =>
        who switch
        {
            "acme" => (Scene.Acme, Scene.Host.Of(Scene.Acme, "viewer")),
            "shop" => (Scene.Shop, Scene.Host.Of(Scene.Shop, "consumer")),
            _ => (null, Scene.Host.Of(null, "auditor")),
        };

    private static IEnumerable<CallRecord> Within(
        IEnumerable<CallRecord> records,
        string from,
        string to
    )
    {
        var begin = DateTimeOffset.Parse(from, CultureInfo.InvariantCulture).UtcDateTime;
        var end = DateTimeOffset.Parse(to, CultureInfo.InvariantCulture).UtcDateTime;
        return records.Where(r => TimeOf(r) >= begin && TimeOf(r) < end);
    }

    private static DateTime TimeOf(CallRecord record) =>
        Analytics.Records.CallTimes.FromMicroseconds((long)record.StartUs);

    private static Dictionary<DateTime, double> Points(JsonElement series) =>
        series
            .GetProperty("points")
            .EnumerateArray()
            .ToDictionary(
                p => p.GetProperty("time").GetDateTimeOffset().UtcDateTime,
                p => p.GetProperty("value").GetDouble()
            );

    private static string KeyOf(Dimension dimension, CallRecord r) =>
        dimension switch
        {
            Dimension.Api => Key<ApiKind>(r.ApiId),
            Dimension.Version => Key<VersionKind>(r.VersionId),
            Dimension.Operation => Key<OperationKind>(r.OperationUuid),
            Dimension.Environment => r.Environment,
            Dimension.StatusClass => $"{r.Status / 100}xx",
            Dimension.Application => Key<ApplicationKind>(r.ApplicationId),
            Dimension.Subscription => Key<SubscriptionKind>(r.SubscriptionId),
            _ => Key<PlanKind>(r.PlanId),
        };

    private static string Key<TKind>(ByteString id)
        where TKind : IIdKind =>
        id.IsEmpty ? "none" : Scene.Text<TKind>(new Guid(id.Span, bigEndian: true));

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string At(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:00'Z'", CultureInfo.InvariantCulture);
}

/// <summary>One scene for a class of tests that only ask.</summary>
public sealed class SceneFixture : IAsyncLifetime
{
    internal Scene Scene { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Scene = await Scene.StartAsync();

    public ValueTask DisposeAsync() => Scene.DisposeAsync();
}
