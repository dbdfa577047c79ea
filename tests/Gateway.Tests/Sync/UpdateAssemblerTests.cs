using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.Sync;

namespace ApiSvc.Gateway.Tests.Sync;

public sealed class UpdateAssemblerTests
{
    private static readonly ResourceSet One = ResourceSet.Empty.Next(
        Resources.Put("a", "1"),
        Resources.Put("b", "1")
    );

    private static readonly Change[] Changes = [Resources.Put("a", "2"), Resources.Delete("b")];

    private static readonly ResourceSet Two = One.Next(Changes);

    [Fact]
    public void Accept_SnapshotInChunks_IsAStateAtTheLast()
    {
        var assembler = new UpdateAssembler(ResourceSet.Empty);
        var whole = One.Snapshot().Snapshot;
        var first = new SnapshotChunk { Generation = 1, First = true };
        first.Resources.Add(whole.Resources[0]);
        var last = new SnapshotChunk
        {
            Generation = 1,
            Last = true,
            Hash = whole.Hash,
        };
        last.Resources.Add(whole.Resources[1]);

        assembler.Accept(new Update { Snapshot = first }).ShouldBeNull();
        var received = assembler.Accept(new Update { Snapshot = last }).ShouldNotBeNull();

        received.State.ShouldEqual(One);
        received.Changes.ShouldBeNull();
        assembler.Accept(One.CaughtUp()).ShouldBeNull();
    }

    [Fact]
    public void Accept_DeltaInParts_IsAppliedTogether()
    {
        var assembler = new UpdateAssembler(One);
        var first = Two.Delta(One, Changes[0]);
        first.Delta.More = true;

        assembler.Accept(first).ShouldBeNull();
        var received = assembler.Accept(Two.Delta(One, Changes[1])).ShouldNotBeNull();

        received.State.ShouldEqual(Two);
        received.Changes.ShouldBe(Changes);
    }

    [Fact]
    public void Accept_SnapshotAnew_ForgetsTheHalfOfTheOneBefore()
    {
        var assembler = new UpdateAssembler(One);
        var half = Two.Snapshot();
        half.Snapshot.Last = false;
        assembler.Accept(half);

        assembler.Accept(One.Snapshot()).ShouldNotBeNull().State.ShouldEqual(One);
    }

    public static TheoryData<string> Broken =>
        ["other hash", "gap", "no beginning", "delta in snapshot", "caught up elsewhere"];

    [Theory]
    [MemberData(nameof(Broken))]
    public void Accept_WhatCannotBe_Throws(string how)
    {
        var assembler = new UpdateAssembler(One);
        var update = Two.Delta(One, Changes);
        switch (how)
        {
            case "other hash":
                update.Delta.Changes.RemoveAt(0);
                break;
            case "gap":
                update.Delta.FromGeneration = 0;
                break;
            case "no beginning":
                update = Two.Snapshot();
                update.Snapshot.First = false;
                break;
            case "delta in snapshot":
                var half = One.Snapshot();
                half.Snapshot.Last = false;
                assembler.Accept(half);
                break;
            default:
                update = Two.CaughtUp();
                break;
        }

        Should.Throw<SyncProtocolException>(() => assembler.Accept(update));
    }
}
