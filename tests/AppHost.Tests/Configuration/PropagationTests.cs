using System.Net;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Calls;

namespace ApiSvc.AppHost.Tests.Configuration;

/// <summary>How long it takes until what was deployed answers calls, with many nodes that follow.</summary>
[Collection<OpenSuiteTests>]
public sealed class PropagationTests(OpenSuite open, ITestOutputHelper output)
{
    private const int Deployments = 200;
    private const int Watchers = 19;

    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Rare = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Deploy_ManyTimes_AnswersWithinASecondAndIsTheSameOnAllNodes()
    {
        await using var catalog = await CatalogInside.OpenAsync(open);
        var watchers = Enumerable
            .Range(1, Watchers)
            .Select(i => new Watcher(catalog.Log, $"watcher-{i}"))
            .ToList();
        await using var leaving = new Leaving(watchers);
        await Task.WhenAll(watchers.Select(w => w.ConnectAsync()));
        var restless = new Restless(watchers[^2..]);
        var publisher = new Publisher(open.Shop);
        var answered = new List<(Publication What, DateTimeOffset At)>();

        for (var i = 0; i < Deployments; i++)
        {
            await restless.BeforeAsync(i);
            var publication = await publisher.NextAsync(i);
            await EventuallyAnswersAsync(publication);
            answered.Add((publication, DateTimeOffset.UtcNow));
        }

        await restless.EndAsync();
        await ShouldBeTheSameEverywhereAsync(catalog, watchers);
        var times = await TellAsync(answered, watchers);
        PropagationTable.Quantile(times, 0.5).ShouldBeLessThan(Usual);
        PropagationTable.Quantile(times, 0.99).ShouldBeLessThan(Rare);
    }

    private Task EventuallyAnswersAsync(Publication publication) =>
        Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await open.Door.CallAsync(publication.Path, open.Shop.Key);
                return await publication.IsAnswerOfIt(answer);
            },
            $"{publication.Path} is answered by {publication.What}"
        );

    private async Task ShouldBeTheSameEverywhereAsync(CatalogInside catalog, List<Watcher> watchers)
    {
        var (generation, hash) = await catalog.HeadAsync();
        foreach (var watcher in watchers)
        {
            await watcher.ReachesAsync(generation);
            (watcher.State.Generation, watcher.State.Hash).ShouldBe(
                (generation, hash),
                watcher.Node
            );
        }

        // All the watchers, and the gateway.
        await Eventually.HoldsAsync(
            async () =>
                (await catalog.SaidAsync()).Values.Count(s =>
                    s.Applied == generation && s.Durable == generation && s.Hash == hash
                )
                == Watchers + 1,
            "all nodes have acknowledged the same state"
        );
        var environments = await open.Door.ManageAsync("catalog", HttpMethod.Get, "environments");
        environments["items"]!.AsArray().Single(e => (string?)e!["gatewayGroup"] == Watcher.Group)![
            "generation"
        ]!
            .GetValue<ulong>()
            .ShouldBe(generation);
    }

    private async Task<List<TimeSpan>> TellAsync(
        List<(Publication What, DateTimeOffset At)> answered,
        List<Watcher> watchers
    )
    {
        // The first was there all the time, and each generation came alone.
        var arrivals = watchers[0].Arrivals;
        var times = answered.ConvertAll(a =>
            (a.What.What, Time: a.At - arrivals[a.What.Generation].Committed)
        );
        var table = new PropagationTable();
        table.Add("a call is answered by it, over HTTPS", times.Select(t => t.Time));
        foreach (var group in times.GroupBy(t => t.What))
        {
            table.Add($"— {group.Key}", group.Select(t => t.Time));
        }

        table.Add(
            $"one of {Watchers} more nodes has it",
            watchers.SelectMany(w => w.Arrivals.Values).Select(a => a.Arrived - a.Committed)
        );
        output.WriteLine(await table.WriteAsync());
        return [.. times.Select(t => t.Time).Order()];
    }

    /// <summary>Nodes that are away for a deployment now and then, and come back differently.</summary>
    private sealed class Restless(List<Watcher> nodes)
    {
        private const int Period = 20;

        private static readonly Claim[] Claims =
        [
            Claim.ItsState,
            Claim.Nothing,
            Claim.AnotherState,
        ];

        private Task _coming = Task.CompletedTask;
        private int _times;

        public async Task BeforeAsync(int deployment)
        {
            if (deployment % Period == Period / 2)
            {
                await Task.WhenAll(nodes.Select(n => n.LeaveAsync()));
            }
            else if (deployment % Period == (Period / 2) + 1)
            {
                // While others go on.
                _coming = ComeAsync(Claims[_times++ % Claims.Length]);
            }
            else if (deployment % Period == 0)
            {
                await _coming;
            }
        }

        public async Task EndAsync()
        {
            await _coming;
            _times.ShouldBeGreaterThanOrEqualTo(2 * Claims.Length);
        }

        private Task ComeAsync(Claim claim) =>
            Task.WhenAll(
                nodes.Select(async node =>
                {
                    var snapshots = node.Snapshots;
                    await node.ConnectAsync(claim);
                    (node.Snapshots - snapshots).ShouldBe(
                        claim == Claim.ItsState ? 0 : 1,
                        $"{node.Node} with {claim}"
                    );
                })
            );
    }

    private sealed class Leaving(List<Watcher> watchers) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var watcher in watchers)
            {
                await watcher.DisposeAsync();
            }
        }
    }
}
