using System.Diagnostics;
using System.Net;
using ApiSvc.AppHost.Tests.Calls;
using Aspire.Hosting.ApplicationModel;

namespace ApiSvc.AppHost.Tests.Records;

/// <summary>Without Kafka calls go on as before; with it again all their records arrive.</summary>
public sealed class KafkaAwayTests(OpenSuite open, ITestOutputHelper output)
    : IClassFixture<OpenSuite>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Live = TimeSpan.FromSeconds(2);

    [Fact]
    [Trait("Long", "kafka")]
    public async Task Calls_WithKafkaAwayForMinutes_AreAsQuickAndAllRecorded()
    {
        var quiet = TimeSpan.FromMinutes(1);
        var away = TimeSpan.FromMinutes(5);
        var target = await LoadTarget.MakeAsync(open, "without-kafka");
        var recorded = new RecordedCalls(open, target.Api, DateTimeOffset.UtcNow);
        await using var client = target.Start(callsPerSecond: 500, connections: 32);

        await UntilAsync(client, quiet);
        await open.CommandAsync("kafka", KnownResourceCommands.StopCommand);
        var stopped = client.Elapsed;
        await UntilAsync(client, stopped + away);
        var started = client.Elapsed;
        await open.CommandAsync("kafka", KnownResourceCommands.StartCommand);
        var calls = await client.StopAsync();

        calls.ShouldAllBe(c => c.Status == (int)HttpStatusCode.OK);
        var answered = calls.Select(c => Guid.Parse(c.Id)).ToHashSet();
        await Eventually.HoldsAsync(
            async () =>
                await recorded.CountAsync() >= answered.Count
                && answered.IsSubsetOf((await recorded.ExportAsync()).Select(r => r.Id)),
            "all records arrived",
            Patience
        );
        var visible = await VisibleAfterAsync(target, recorded);

        // The first seconds of a client and of a gateway are not like the others.
        var before = Between(calls, TimeSpan.FromSeconds(10), quiet);
        var without = Between(calls, stopped, started);
        output.WriteLine(
            $"{calls.Count} calls; with Kafka p50 {Of(before, 0.5)} p99 {Of(before, 0.99)}, without p50 {Of(without, 0.5)} p99 {Of(without, 0.99)} µs; afterwards a call is counted after {visible.TotalMilliseconds:F0} ms"
        );
        Of(without, 0.5).ShouldBeLessThanOrEqualTo(Of(before, 0.5) * 1.1);
        Of(without, 0.99).ShouldBeLessThanOrEqualTo(Of(before, 0.99) * 1.5);
        visible.ShouldBeLessThan(Live);
    }

    private static Task UntilAsync(LoadClient client, TimeSpan elapsed) =>
        Eventually.HoldsAsync(
            () => Task.FromResult(client.Elapsed >= elapsed),
            "the time is over",
            elapsed + Patience
        );

    private static async Task<TimeSpan> VisibleAfterAsync(LoadTarget target, RecordedCalls recorded)
    {
        var counted = await recorded.CountAsync();
        await target.ServedAsync();
        var answered = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(
            async () => await recorded.CountAsync() > counted,
            "the call is counted"
        );
        return Stopwatch.GetElapsedTime(answered);
    }

    private static double[] Between(IEnumerable<NotedCall> calls, TimeSpan from, TimeSpan to) =>
        [
            .. calls
                .Where(c => c.At >= from && c.At < to)
                .Select(c => c.Latency.TotalMicroseconds)
                .Order(),
        ];

    private static double Of(double[] sorted, double share) =>
        sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
