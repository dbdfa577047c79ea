using ApiSvc.BrokerTests.Brokers;
using KafkaBroker.Storage;

namespace ApiSvc.BrokerTests.Storage;

public sealed class OffsetStoreTests : IDisposable
{
    private static readonly OffsetKey Key = new("g", "t", 0);

    private readonly TempFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "offsets.journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_TailCutAtEveryByte_HasTheLastWholeCommit()
    {
        using (var store = new OffsetStore(_folder.Path))
        {
            store.Commit([(Key, At(1))]);
            store.Commit([(Key, At(2))]);
        }

        var whole = System.IO.File.ReadAllBytes(File);
        for (var cut = whole.Length; cut >= 0; cut--)
        {
            System.IO.File.WriteAllBytes(File, whole[..cut]);

            using var store = new OffsetStore(_folder.Path);

            var expected =
                cut == whole.Length ? 2
                : cut >= whole.Length / 2 ? 1
                : (long?)null;
            store.Find(Key)?.Offset.ShouldBe(expected!.Value, $"cut at {cut}");
            (store.Find(Key) is null).ShouldBe(expected is null);
        }
    }

    [Fact]
    public void Commit_ManyTimes_TheJournalStaysSmall()
    {
        using (var store = new OffsetStore(_folder.Path))
        {
            for (var i = 1; i <= 30_000; i++)
            {
                store.Commit([(Key, At(i))]);
            }
        }

        new FileInfo(File).Length.ShouldBeLessThan(600_000);
        using var again = new OffsetStore(_folder.Path);
        again.Find(Key)!.Offset.ShouldBe(30_000);
    }

    [Fact]
    public void ForgetTopic_Committed_IsGoneAlsoAfterRestart()
    {
        using (var store = new OffsetStore(_folder.Path))
        {
            store.Commit([(Key, At(1)), (Key with { Topic = "other" }, At(2))]);
            store.ForgetTopic("t");
        }

        using var again = new OffsetStore(_folder.Path);
        again.OfGroup("g").ShouldHaveSingleItem().Key.Topic.ShouldBe("other");
    }

    private static CommittedOffset At(long offset) => new(offset, 0, "m");
}
