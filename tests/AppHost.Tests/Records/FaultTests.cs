using ApiSvc.AppHost.Tests.Calls;
using Aspire.Hosting.ApplicationModel;

namespace ApiSvc.AppHost.Tests.Records;

/// <summary>Every answered call is in Analytics exactly once, whatever is killed in between.</summary>
public sealed class FaultTests(OpenSuite open, ITestOutputHelper output) : IClassFixture<OpenSuite>
{
    private static readonly string[] Victims = ["gateway", "analytics", "kafka", "postgres"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public Task Calls_WhileProgramsAreKilled_AreEachRecordedOnce() =>
        RunAsync(callsPerSecond: 200, TimeSpan.FromSeconds(20), TimeSpan.Zero);

    [Fact]
    [Trait("Long", "faults")]
    public Task Calls_WhileProgramsAreKilledForMinutes_AreEachRecordedOnce() =>
        RunAsync(callsPerSecond: 2000, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(2));

    /// <param name="callsPerSecond">How many are wanted.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="rest">
    /// Between one program's return and the next one's death. Programs that start take the processors that so many calls
    /// need: without a rest those are never there.
    /// </param>
    private async Task RunAsync(int callsPerSecond, TimeSpan duration, TimeSpan rest)
    {
        var target = await LoadTarget.MakeAsync(open, $"faults-{callsPerSecond}");
        var recorded = new RecordedCalls(open, target.Api, DateTimeOffset.UtcNow);
        await using var client = target.Start(callsPerSecond, connections: 32);

        var kills = new List<string>();
        while (client.Elapsed < duration || kills.Count < Victims.Length)
        {
            var victim = Victims[kills.Count % Victims.Length];
            await open.KillAsync(victim);
            await open.CommandAsync(victim, KnownResourceCommands.StartCommand);
            await HealthyAsync(victim);
            await target.ServedAsync();
            kills.Add(victim);
            var rested = client.Elapsed + rest;
            await Eventually.HoldsAsync(
                () => Task.FromResult(client.Elapsed >= rested),
                "the rest is over"
            );
        }

        var calls = await client.StopAsync();
        var perSecond = calls.CountBy(c => (int)c.At.TotalSeconds).Select(s => s.Value).Order();
        output.WriteLine(
            $"{callsPerSecond} calls a second wanted; in half of the seconds at least {perSecond.ElementAt(perSecond.Count() / 2)} were sent, {client.LeftOut} in all were not"
        );
        foreach (var victim in Victims)
        {
            await HealthyAsync(victim);
        }

        await CompareAsync(calls, recorded, kills);
    }

    private async Task CompareAsync(
        IReadOnlyList<NotedCall> calls,
        RecordedCalls recorded,
        List<string> kills
    )
    {
        var answered = calls
            .Where(c => c.Status is not null)
            .Select(c => Guid.Parse(c.Id))
            .ToHashSet();
        var failed = calls.Count(c => c.Status is null);
        IReadOnlyList<(Guid Id, bool IsLoad)> rows = [];
        var missing = answered;
        await Eventually.HoldsAsync(
            async () =>
            {
                // The rollups are cheap to ask; the rows only once all can be there.
                if (await recorded.CountAsync() < answered.Count)
                {
                    return false;
                }

                rows = await recorded.ExportAsync();
                missing = [.. answered.Except(rows.Select(r => r.Id))];
                return missing.Count == 0;
            },
            "every answered call is in Analytics",
            Patience
        );

        var ofLoad = rows.Where(r => r.IsLoad).Select(r => r.Id).ToList();
        var twice = rows.Count - rows.Select(r => r.Id).Distinct().Count();
        var unanswered = ofLoad.Count(id => !answered.Contains(id));
        var lost = await recorded.LostAsync();
        var counted = await recorded.CountAsync();
        var statuses = string.Join(
            ", ",
            calls.CountBy(c => c.Status ?? 0).Select(s => $"{s.Key}: {s.Value}")
        );
        output.WriteLine(
            $"killed: {string.Join(", ", kills.CountBy(k => k).Select(k => $"{k.Key} {k.Value} times"))}"
        );
        output.WriteLine(
            $"calls sent {calls.Count}, answered {answered.Count}, without an answer {failed}; by status {statuses}"
        );
        output.WriteLine(
            $"recorded {rows.Count}: missing {missing.Count}, twice {twice}, of calls without an answer {unanswered}; counted in rollups {counted}; said to be lost {lost}"
        );

        answered.Count.ShouldBeGreaterThan(calls.Count / 2);
        twice.ShouldBe(0);
        unanswered.ShouldBeLessThanOrEqualTo(failed);
        counted.ShouldBe(rows.Count);
        lost.ShouldBe(0);
    }

    private async Task HealthyAsync(string resource)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await open.Suite.App.ResourceNotifications.WaitForResourceHealthyAsync(
            resource,
            deadline.Token
        );
    }
}
