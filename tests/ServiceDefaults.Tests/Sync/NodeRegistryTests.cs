using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Sync;
using ApiSvc.ServiceDefaults.Tests.Data;
using ApiSvc.Testing;
using Google.Protobuf;

namespace ApiSvc.ServiceDefaults.Tests.Sync;

public sealed class NodeRegistryTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task WaitForAllAsync_ANodeNeverAcknowledges_NamesIt()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var one = await StartAsync(database);
        await using var two = await StartAsync(database);
        await using var quick = one.Follow("quick");
        await using var mute = two.Follow("mute");
        await quick.CaughtUpAsync();
        await mute.CaughtUpAsync();
        var generation = await database.AppendAsync(Logs.Put("a", "1"));

        await two.Client.AcknowledgeAsync(Said("quick", generation));

        // Whichever replica is asked.
        foreach (var replica in new[] { one, two })
        {
            (
                await replica.Nodes.WaitForAllAsync(
                    Logs.Group,
                    generation,
                    TimeSpan.FromMilliseconds(200)
                )
            ).ShouldBe(["mute"]);
        }

        var waiting = one.Nodes.WaitForAllAsync(Logs.Group, generation, Long);
        await two.Client.AcknowledgeAsync(Said("mute", generation));
        (await waiting).ShouldBeEmpty();
    }

    [Fact]
    public async Task WaitForAllAsync_NodeThatLeft_CountsForAMomentOnly()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await StartAsync(database, ("ResourceLog:Grace", "00:00:01"));
        await using (var follower = service.Follow("left"))
        {
            await follower.CaughtUpAsync();
        }

        (await service.Nodes.WaitForAllAsync(Logs.Group, 1, TimeSpan.Zero)).ShouldBe(["left"]);
        (await service.Nodes.WaitForAllAsync(Logs.Group, 1, Long)).ShouldBeEmpty();
        (await service.Nodes.ListAsync(Logs.Group)).ShouldHaveSingleItem().IsLive.ShouldBeFalse();
    }

    [Fact]
    public async Task AcknowledgeAsync_OlderOrRepeated_ChangesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await StartAsync(database);
        await using var follower = service.Follow("node-1");
        await follower.CaughtUpAsync();
        var newest = Said("node-1", 5);
        newest.Durable = 4;
        newest.Quarantined.Add(new Quarantined { Pointer = "/upstreams/0", Reason = "no address" });
        newest.Refusal = new() { Generation = 6, Reason = "two hosts" };

        await service.Nodes.AcknowledgeAsync(newest);
        await service.Nodes.AcknowledgeAsync(Said("node-1", 3));
        await service.Nodes.AcknowledgeAsync(newest);

        var node = (await service.Nodes.ListAsync(Logs.Group)).ShouldHaveSingleItem();
        node.Applied.ShouldBe(5ul);
        node.Durable.ShouldBe(4ul);
        node.Quarantined.ShouldBe(newest.Quarantined);
        node.Refusal.ShouldBe(newest.Refusal);
        node.Features.ShouldBe(["one", "two"]);
        node.Build.ShouldBe("test");
        node.IsLive.ShouldBeTrue();
    }

    [Fact]
    public async Task AcknowledgeAsync_NodeThatLostItsState_StartsAnew()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await StartAsync(database);
        await using (var follower = service.Follow("node-1"))
        {
            await follower.CaughtUpAsync();
            await service.Nodes.AcknowledgeAsync(Said("node-1", 5));
        }

        await using var again = service.Follow("node-1");
        await again.CaughtUpAsync();

        (await service.Nodes.ListAsync(Logs.Group)).ShouldHaveSingleItem().Applied.ShouldBe(0ul);
        (await service.Nodes.WaitForAllAsync(Logs.Group, 5, TimeSpan.Zero)).ShouldBe(["node-1"]);
    }

    // As after the database was set back: what a node has of before is not of this log.
    [Fact]
    public async Task AcknowledgeAsync_NodeHadAnotherLog_CountsFromWhatItApplied()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await StartAsync(database);
        var generation = await database.AppendAsync(Logs.Put("a", "1"));
        var another = new ReplayedState();
        another.Accept(
            new Update
            {
                Snapshot = new()
                {
                    Generation = 9,
                    First = true,
                    Last = true,
                    Hash = ByteString.CopyFrom(StateHash.Empty.ToArray()),
                },
            }
        );
        await using var follower = service.Follow("node-1", another);
        await follower.CaughtUpAsync();

        (await service.Nodes.WaitForAllAsync(Logs.Group, generation, TimeSpan.Zero)).ShouldBe([
            "node-1",
        ]);
        await service.Nodes.AcknowledgeAsync(Said("node-1", generation));

        (await service.Nodes.ListAsync(Logs.Group))
            .ShouldHaveSingleItem()
            .Applied.ShouldBe(generation);
    }

    [Fact]
    public async Task ListAsync_SecondStreamOfANode_OutlivesTheFirst()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var service = await StartAsync(database, ("ResourceLog:Grace", "00:00:00"));
        var first = service.Follow("node-1");
        await first.CaughtUpAsync();
        await using var second = service.Follow("node-1");
        await second.CaughtUpAsync();

        await first.DisposeAsync();
        await using (var third = service.Follow("node-2"))
        {
            await third.CaughtUpAsync();
        }

        // The end of the third is known, so that of the first, before it, is too.
        await Eventually.HoldsAsync(
            async () =>
                !(await service.Nodes.ListAsync(Logs.Group)).Single(n => n.Node == "node-2").IsLive,
            "the third stream is over"
        );
        (await service.Nodes.ListAsync(Logs.Group))
            .Single(n => n.Node == "node-1")
            .IsLive.ShouldBeTrue();
    }

    private static Acknowledgement Said(string node, ulong applied) =>
        new()
        {
            Group = Logs.Group,
            Node = node,
            Applied = applied,
            Durable = applied,
        };

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
