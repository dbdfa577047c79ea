using System.Globalization;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Sync;
using ApiSvc.ServiceDefaults.Tests.Data;

namespace ApiSvc.ServiceDefaults.Tests.Sync;

public sealed class ResourceLogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendAsync_Changes_TakeTheNextGenerationAndKeepTheHash()
    {
        await using var database = await TestDatabase.CreateAsync();

        (await database.AppendAsync(Logs.Put("a", "1"), Logs.Put("b", "1"))).ShouldBe(1ul);
        (await database.AppendAsync(Logs.Put("a", "2"), Logs.Delete("b"))).ShouldBe(2ul);

        var head = await database.HeadAsync();
        head.Generation.ShouldBe(2ul);
        head.Hash.ShouldBe(HashOf(Logs.Put("a", "2")));
    }

    [Fact]
    public async Task AppendAsync_NothingNew_TakesNoGeneration()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.AppendAsync(Logs.Put("a", "1"));

        (await database.AppendAsync(Logs.Put("a", "1"), Logs.Delete("unknown"))).ShouldBe(1ul);
        (await database.AppendAsync(Logs.Put("a", "2"), Logs.Put("a", "1"))).ShouldBe(1ul);
        (await database.AppendAsync()).ShouldBe(1ul);
        (await database.AppendAsync(Logs.Delete("a"))).ShouldBe(2ul);
        (await database.AppendAsync(Logs.Delete("a"))).ShouldBe(2ul);

        (await database.HeadAsync()).Hash.ShouldBe(StateHash.Empty);
    }

    [Fact]
    public async Task AppendAsync_OtherFeatures_AreAChangeOfTheSameHash()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.AppendAsync(Logs.Put("a", "1"));
        var before = await database.HeadAsync();

        await database.AppendAsync(Logs.Put("a", "1") with { RequiredFeatures = ["x", "y"] });

        var changes = await Reader(database).ChangesAsync(Logs.Group, before, Token);
        var delta = changes!.Updates.ShouldHaveSingleItem().Delta;
        delta.Changes.ShouldHaveSingleItem().Put.RequiredFeatures.ShouldBe(["x", "y"]);
        changes.End.ShouldBe(before with { Generation = 2 });
    }

    [Fact]
    public async Task AppendAsync_NotCommitted_IsNotThere()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var work = database.Begin())
        {
            await work.AppendAsync(Logs.Put("a", "1"));
        }

        (await database.HeadAsync()).ShouldBe(default);
        (await database.AppendAsync(Logs.Put("a", "1"))).ShouldBe(1ul);
    }

    [Fact]
    public async Task AppendAsync_WhatNoFollowerCouldTake_Throws()
    {
        await using var database = await TestDatabase.CreateAsync();
        var big = new string('x', ResourceChange.MaxBodyLength);

        await Should.ThrowAsync<ArgumentException>(() => database.AppendAsync(Logs.Put("", "1")));
        await Should.ThrowAsync<ArgumentException>(() => database.AppendAsync(Logs.Put("a", big)));
        await Should.ThrowAsync<ArgumentException>(() =>
            database.AppendAsync(Logs.Put("a", "1") with { RequiredFeatures = ["two words"] })
        );
    }

    // Whoever reads while others commit sees each generation once, in order, and together they are the state.
    [Fact]
    public async Task AppendAsync_ManyAtOnce_BecomeVisibleInOrderWithoutGaps()
    {
        const int Writers = 12;
        const int Each = 25;
        await using var database = await TestDatabase.CreateAsync();
        var reader = Reader(database);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(WriteAsync));
        var position = default(LogPosition);
        var state = new ReplayedState();
        while (position.Generation < Writers * Each)
        {
            var seen = await database.QueryAsync<long>(
                "select generation from service.resource_generation order by generation"
            );
            seen.ShouldBe(Enumerable.Range(0, seen.Count).Select(n => (long)n));
            // Until the first commit there is no group.
            if (seen.Count == 0)
            {
                continue;
            }

            var part = await reader.ChangesAsync(Logs.Group, position, Token);
            part!.Updates.ToList().ForEach(state.Accept);
            position = part.End;
            if (writing.IsFaulted)
            {
                await writing;
            }
        }

        await writing;
        state.Position.ShouldBe(await database.HeadAsync());
        state.Resources.Count.ShouldBe(Writers);

        async Task WriteAsync(int writer)
        {
            var id = writer.ToString(CultureInfo.InvariantCulture);
            for (var i = 0; i < Each; i++)
            {
                await database.AppendAsync(Logs.Put(id, $"{i}"));
            }
        }
    }

    [Fact]
    public async Task ChangesAsync_AnyGeneration_LeadToTheSnapshot()
    {
        await using var database = await TestDatabase.CreateAsync();
        var reader = Reader(database);
        var random = new Random(7);
        var positions = new List<(LogPosition At, ReplayedState State)>();
        for (var i = 0; i < 60; i++)
        {
            var id = random.Next(12).ToString(CultureInfo.InvariantCulture);
            await database.AppendAsync(
                random.Next(3) == 0 ? Logs.Delete(id) : Logs.Put(id, $"{i}"),
                Logs.Put("other", $"{i}", kind: 2)
            );
            var state = new ReplayedState();
            (await reader.SnapshotAsync(Logs.Group, Token)).Updates.ToList().ForEach(state.Accept);
            positions.Add((await database.HeadAsync(), state));
        }

        var last = positions[^1].State;
        foreach (var (at, state) in positions)
        {
            var part = await reader.ChangesAsync(Logs.Group, at, Token);
            part!.Updates.ToList().ForEach(state.Accept);
            state.Resources.ShouldBe(last.Resources, ignoreOrder: true);
            state.Position.ShouldBe(last.Position);
        }
    }

    [Fact]
    public async Task SnapshotAsync_MoreThanAMessageHolds_ComesInParts()
    {
        await using var database = await TestDatabase.CreateAsync();
        var reader = Reader(database);
        await database.AppendAsync(Logs.Put("first", "1"));
        var first = await database.HeadAsync();
        var changes = Enumerable
            .Range(0, 60)
            .Select(i => Logs.Put($"{i}", new string('x', 100_000)))
            .Append(Logs.Put("huge", new string('y', ResourceChange.MaxBodyLength - 10)))
            .ToList();
        await database.AppendAsync(changes);

        foreach (
            var part in new[]
            {
                await reader.SnapshotAsync(Logs.Group, Token),
                (await reader.ChangesAsync(Logs.Group, first, Token))!,
            }
        )
        {
            part.Updates.Count.ShouldBeGreaterThan(5);
            part.Updates.ShouldAllBe(u => u.CalculateSize() < 4 * 1024 * 1024);
        }
    }

    private static ResourceLogReader Reader(TestDatabase database) => new(database.DataSource);

    private static StateHash HashOf(ResourceChange change) =>
        StateHash.Of(
            change.Kind,
            change.Id,
            Google.Protobuf.MessageExtensions.ToByteArray(change.Body!)
        );
}
