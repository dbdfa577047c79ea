using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Tests.Alerts.Hosting;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using Microsoft.Extensions.Time.Testing;

namespace ApiSvc.Analytics.Tests.Alerts;

/// <summary>Rules over calls that came in from the broker.</summary>
public sealed class QueriedMetricsTests
{
    private readonly Guid _team = Guid.CreateVersion7();

    [Theory]
    [InlineData("calls", "8", "4")]
    [InlineData("errors", "2", "1")]
    [InlineData("errorRate", "0.25", "0.25")]
    [InlineData("bytesOut", "800", "400")]
    [InlineData("latencyMean", "45000", "25000")]
    public async Task Rule_OverIngestedCalls_SeesItsTeamsCallsInItsWindow(
        string metric,
        string overTwoMinutes,
        string overTheFirst
    )
    {
        var now = DateTimeOffset.UtcNow;
        var minute = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute)).AddMinutes(-10);
        var database = await IngestAsync([
            .. Enumerable.Range(0, 8).Select(i => Call(_team, minute.AddSeconds(15 * i), i)),
            Call(Guid.CreateVersion7(), minute.AddSeconds(1), 0),
        ]);
        var clock = new FakeTimeProvider(minute.AddMinutes(1).AddSeconds(15));
        await using var host = await AlertHost.StartAsync(database, clock, readsMetrics: true);
        var owner = host.Of(_team, "owner");
        await owner.MakeRuleAsync(
            new
            {
                metric,
                threshold = 1,
                windowSeconds = 120,
                side = "provider",
                filters = new[]
                {
                    new { dimension = "environment", values = new[] { "production" } },
                },
            }
        );
        await owner.MakeRuleAsync(
            new
            {
                name = "Elsewhere",
                metric,
                threshold = 1,
                windowSeconds = 120,
                filters = new[] { new { dimension = "environment", values = new[] { "sandbox" } } },
                noData = "firing",
            }
        );

        await host.EvaluateAsync();
        await ValueShouldBeAsync(owner, overTheFirst);
        clock.Advance(TimeSpan.FromMinutes(1));
        await host.EvaluateAsync();
        await ValueShouldBeAsync(owner, overTwoMinutes);

        var elsewhere = (await owner.ListAsync("alerts"))[1];
        var isCount = metric is "calls" or "errors" or "bytesOut";
        elsewhere.GetProperty("value").ToString().ShouldBe(isCount ? "0" : "");
        elsewhere.GetProperty("state").GetString().ShouldBe(isCount ? "inactive" : "firing");
    }

    // It is over before rules are evaluated by another clock than its own.
    private static async Task<string> IngestAsync(IReadOnlyList<CallRecord> calls)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var host = await AnalyticsHost.StartAsync(broker.Address);
        await broker.SendAsync(Sample.Batch(Guid.CreateVersion7(), 0, 0, calls));
        await host.HasCallsAsync(calls.Count);
        return host.Database;
    }

    private static async Task ValueShouldBeAsync(AlertCaller owner, string expected) =>
        (await owner.ListAsync("alerts"))[0].GetProperty("value").ToString().ShouldBe(expected);

    // Every fourth is an error; latencies rise by 10 ms.
    private static CallRecord Call(Guid team, DateTimeOffset at, int number) =>
        new()
        {
            CallId = Sample.Bytes(Guid.CreateVersion7(at)),
            StartUs = Sample.Us(at),
            Status = number % 4 == 3 ? 500u : 200u,
            LatencyUs = (uint)(10_000 * (number + 1)),
            BytesOut = 100,
            Path = "/",
            Environment = "production",
            ProviderTeamId = Sample.Bytes(team),
            ApiId = Sample.Bytes(Guid.CreateVersion7()),
        };
}
