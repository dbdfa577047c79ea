using System.Diagnostics;
using ApiSvc.ServiceDefaults.Sync;
using ApiSvc.ServiceDefaults.Tests.Data;
using ApiSvc.Testing;
using Grpc.Core;

namespace ApiSvc.ServiceDefaults.Tests.Sync;

public sealed class ResourceWatchTests
{
    [Fact]
    public async Task WatchAsync_NothingKnown_SendsASnapshotThenChanges()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.AppendAsync(Logs.Put("a", "1"), Logs.Put("b", "1"));
        await using var service = await StartAsync(database);
        await using var follower = service.Follow("node-1");
        await follower.CaughtUpAsync();

        await database.AppendAsync(Logs.Put("a", "2"), Logs.Delete("b"));
        await follower.ReachesAsync(2);

        follower.State.Messages.ShouldBe(["Snapshot", "CaughtUp", "Delta"]);
        follower.State.Resources.Count.ShouldBe(1);
        follower.State.Position.ShouldBe(await database.HeadAsync());
    }

    [Fact]
    public async Task WatchAsync_NoGroupYet_SendsTheEmptyStateThenTheFirstChange()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await StartAsync(database);
        await using var fresh = service.Follow("fresh");
        await fresh.CaughtUpAsync();
        await using var empty = service.Follow("empty", new ReplayedState());
        await empty.CaughtUpAsync();
        fresh.State.Messages.ShouldBe(["Snapshot", "CaughtUp"]);
        empty.State.Messages.ShouldBe(["CaughtUp"]);

        await database.AppendAsync(Logs.Put("a", "1"));

        await fresh.ReachesAsync(1);
        await empty.ReachesAsync(1);
    }

    [Fact]
    public async Task WatchAsync_KnownGeneration_SendsTheChangesSince()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.AppendAsync(Logs.Put("a", "1"), Logs.Put("b", "1"));
        await using var service = await StartAsync(database);
        var state = new ReplayedState();
        await using (var first = service.Follow("node-1", state))
        {
            await first.CaughtUpAsync();
        }

        await database.AppendAsync(Logs.Delete("b"));
        await database.AppendAsync(Logs.Put("c", "1"));
        state.Messages.Clear();
        await using var second = service.Follow("node-1", state);
        await second.CaughtUpAsync();

        state.Messages.ShouldBe(["Delta", "CaughtUp"]);
        state.Position.ShouldBe(await database.HeadAsync());
    }

    [Theory]
    [InlineData(1, "stray")]
    [InlineData(7, "a")]
    public async Task WatchAsync_StateOfAnotherLog_SendsASnapshot(int generations, string id)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var other = await TestDatabase.CreateAsync();
        await database.AppendAsync(Logs.Put("a", "1"));
        await database.AppendAsync(Logs.Put("a", "2"));
        for (var i = 0; i < generations; i++)
        {
            await other.AppendAsync(Logs.Put(id, $"{i}"));
        }

        var state = new ReplayedState();
        await using (var strange = await StartAsync(other))
        await using (var follower = strange.Follow("node-1", state))
        {
            await follower.CaughtUpAsync();
        }

        state.Messages.Clear();
        await using var service = await StartAsync(database);
        await using var back = service.Follow("node-1", state);
        await back.CaughtUpAsync();

        state.Messages.ShouldBe(["Snapshot", "CaughtUp"]);
        state.Position.ShouldBe(await database.HeadAsync());
    }

    [Fact]
    public async Task WatchAsync_TrimmedGeneration_SendsASnapshot()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.AppendAsync(Logs.Put("a", "1"), Logs.Put("gone", "1"));
        await using var service = await StartAsync(
            database,
            ("ResourceLog:Length", "3"),
            ("ResourceLog:TrimInterval", "1.00:00:00")
        );
        var old = new ReplayedState();
        await using (var follower = service.Follow("old", old))
        {
            await follower.CaughtUpAsync();
        }

        await database.AppendAsync(Logs.Delete("gone"));
        var kept = new ReplayedState();
        await using (var follower = service.Follow("kept", kept))
        {
            await follower.CaughtUpAsync();
        }

        for (var i = 0; i < 3; i++)
        {
            await database.AppendAsync(Logs.Put("a", $"later {i}"));
        }

        await service.Trimmer.TrimAsync(TestContext.Current.CancellationToken);
        old.Messages.Clear();
        kept.Messages.Clear();
        await using var oldAgain = service.Follow("old", old);
        await using var keptAgain = service.Follow("kept", kept);
        await oldAgain.CaughtUpAsync();
        await keptAgain.CaughtUpAsync();

        old.Messages.ShouldBe(["Snapshot", "CaughtUp"]);
        kept.Messages.ShouldBe(["Delta", "CaughtUp"]);
        old.Resources.ShouldBe(kept.Resources, ignoreOrder: true);
        (
            await database.ScalarAsync<long>(
                "select count(*) from service.resource where body is null"
            )
        ).ShouldBe(0);
        (
            await database.ScalarAsync<long>("select count(*) from service.resource_generation")
        ).ShouldBe(4);
    }

    // Both replicas serve; every message of every stream is checked as it comes.
    [Fact]
    public async Task WatchAsync_ManyFollowersOfTwoReplicas_AllEndEqual()
    {
        const int Followers = 20;
        const int Writers = 6;
        const int Each = 40;
        await using var database = await TestDatabase.CreateAsync();
        await using var one = await StartAsync(database);
        await using var two = await StartAsync(database);
        var followers = new List<TestFollower>();
        var start = Stopwatch.GetTimestamp();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(WriteAsync));
        for (var i = 0; i < Followers; i++)
        {
            // They come while changes commit.
            followers.Add((i % 2 == 0 ? one : two).Follow($"node-{i}"));
            await Task.Yield();
        }

        await writing;
        var took = Stopwatch.GetElapsedTime(start);
        var head = await database.HeadAsync();
        foreach (var follower in followers)
        {
            await follower.ReachesAsync(head.Generation);
            follower.State.Position.ShouldBe(head);
            follower.State.Messages.Count(m => m == "Snapshot").ShouldBe(1);
            await follower.DisposeAsync();
        }

        var deltas = followers.Average(f => f.State.Messages.Count(m => m == "Delta"));
        TestContext.Current.SendDiagnosticMessage(
            $"{head.Generation} generations in {took}, {deltas} deltas a follower"
        );

        async Task WriteAsync(int writer)
        {
            var random = new Random(writer);
            for (var i = 0; i < Each; i++)
            {
                var id = $"{random.Next(20)}";
                await database.AppendAsync(
                    random.Next(4) == 0 ? Logs.Delete(id) : Logs.Put(id, $"{writer} {i}"),
                    Logs.Put($"of {writer}", $"{i}")
                );
            }
        }
    }

    [Fact]
    public async Task WatchAsync_ListeningSessionsEnd_MissesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await StartAsync(database);
        await using var follower = service.Follow("node-1");
        await follower.CaughtUpAsync();
        for (var i = 1ul; i <= 5; i++)
        {
            await Eventually.HoldsAsync(
                async () =>
                    await database.ScalarAsync<long>(
                        """
                        select count(*) from (
                          select pg_terminate_backend(pid) from pg_stat_activity
                          where datname = current_database() and query = 'listen apisvc_resource_log'
                        ) as ended
                        """
                    ) > 0,
                "somebody listens"
            );
            // Committed while nobody listens.
            await database.AppendAsync(Logs.Put("a", $"{i}"));
            await follower.ReachesAsync(i);
        }

        follower.State.Position.ShouldBe(await database.HeadAsync());
    }

    [Fact]
    public async Task WatchAsync_NothingHappens_SendsHeartbeatsAndKeepsTheNodeLive()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await StartAsync(
            database,
            ("ResourceLog:Heartbeat", "00:00:00.2")
        );
        await using var follower = service.Follow("node-1");
        await follower.HoldsAsync(() => follower.Heartbeats >= 5, "five heartbeats");

        (await service.Nodes.ListAsync(Logs.Group)).ShouldHaveSingleItem().IsLive.ShouldBeTrue();
    }

    [Fact]
    public async Task WatchAsync_Draining_EndsStreamsSoThatTheyGoElsewhere()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.AppendAsync(Logs.Put("a", "1"));
        await using var leaving = await StartAsync(database);
        await using var staying = await StartAsync(database);
        var follower = leaving.Follow("node-1");
        await follower.CaughtUpAsync();

        await leaving.Host.App.StopAsync();

        var end = (await follower.EndAsync()).ShouldBeOfType<RpcException>();
        end.StatusCode.ShouldBe(StatusCode.Unavailable);
        await using var back = staying.Follow("node-1", follower.State);
        await back.CaughtUpAsync();
        await database.AppendAsync(Logs.Put("a", "2"));
        await back.ReachesAsync(2);
    }

    [Fact]
    public async Task WatchAsync_WithoutNodeOrDatabase_IsRefused()
    {
        await using var service = await WatchService.StartAsync("Host=/nowhere;Username=nobody");
        await using var away = service.Follow("node-1");
        await using var nobody = service.Follow("");

        (await away.EndAsync())
            .ShouldBeOfType<RpcException>()
            .StatusCode.ShouldBe(StatusCode.Unavailable);
        (await nobody.EndAsync())
            .ShouldBeOfType<RpcException>()
            .StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task WatchAsync_Commit_ArrivesWithinASecond()
    {
        const int Commits = 150;
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await StartAsync(database);
        await using var follower = service.Follow("node-1");
        await follower.CaughtUpAsync();
        var latencies = new List<double>();
        for (var i = 0; i < Commits; i++)
        {
            var generation = await database.AppendAsync(Logs.Put("a", $"{i}"));
            var committed = Stopwatch.GetTimestamp();
            await follower.ReachesAsync(generation);
            var arrived = follower.Arrivals[generation];
            latencies.Add(
                Math.Max(0, Stopwatch.GetElapsedTime(committed, arrived).TotalMilliseconds)
            );
        }

        latencies.Sort();
        TestContext.Current.SendDiagnosticMessage(
            $"commit to received: median {latencies[Commits / 2]:F1} ms, p99 {latencies[Commits * 99 / 100]:F1} ms"
        );
        latencies[Commits / 2].ShouldBeLessThan(1000);
    }

    private static async Task<WatchService> StartAsync(
        TestDatabase database,
        params (string Key, string? Value)[] settings
    )
    {
        var service = await WatchService.StartAsync(database.ConnectionString, settings);
        await service.ReadyAsync();
        return service;
    }
}
