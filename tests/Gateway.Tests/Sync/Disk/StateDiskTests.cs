using System.Diagnostics;
using System.Globalization;
using ApiSvc.Gateway.Sync;
using ApiSvc.Gateway.Sync.Disk;
using ApiSvc.Testing;

namespace ApiSvc.Gateway.Tests.Sync.Disk;

public sealed class StateDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("apisvc-state-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_NeverWritten_IsNothing()
    {
        using var disk = Disks.Open(Path.Combine(_folder, "none"));

        disk.Load().ShouldBeEmpty();
        disk.Generation.ShouldBeNull();
    }

    [Fact]
    public void Load_AfterRestarts_IsTheLastState()
    {
        var set = ResourceSet.Empty;
        for (var restart = 0; restart < 6; restart++)
        {
            using var disk = Disks.Open(_folder);
            if (disk.Load().FirstOrDefault() is { } loaded)
            {
                loaded.ShouldEqual(set);
                disk.Resume(loaded);
                disk.Generation.ShouldBe(set.Generation);
            }

            for (var i = 0; i < 5; i++)
            {
                set = WriteNext(disk, set);
            }
        }

        Bases().Length.ShouldBe(StateDisk.BasesKept);
    }

    [Fact]
    public void Load_EmptyState_IsAState()
    {
        using (var disk = Disks.Open(_folder))
        {
            disk.Write(ResourceSet.Empty, null);
        }

        using var again = Disks.Open(_folder);
        again.Load().ShouldHaveSingleItem().ShouldEqual(ResourceSet.Empty);
    }

    // Wherever the file of changes ends, what is loaded is the state before the end: no other, never none.
    [Fact]
    public void Load_ChangesCutAnywhere_IsTheStateBefore()
    {
        var states = new List<ResourceSet>();
        var lengths = new List<long>();
        string deltas;
        using (var disk = Disks.Open(_folder))
        {
            var set = ResourceSet.Empty.Next(Resources.Put("a", "1"));
            disk.Write(set, null);
            deltas = Directory.GetFiles(_folder, "*.deltas").ShouldHaveSingleItem();
            for (var i = 0; i < 4; i++)
            {
                states.Add(set);
                lengths.Add(new FileInfo(deltas).Length);
                set = WriteNext(disk, set);
            }

            states.Add(set);
        }

        var whole = File.ReadAllBytes(deltas);
        for (var length = whole.Length; length >= 0; length--)
        {
            File.WriteAllBytes(deltas, whole[..length]);
            using var disk = Disks.Open(_folder);

            // The first write made the file longer than its title only at its flush.
            var expected =
                length == whole.Length ? 4 : Math.Max(0, lengths.FindLastIndex(l => l <= length));
            disk.Load().First().ShouldEqual(states[expected]);
        }
    }

    [Fact]
    public void Load_AnyByteOfTheChangesWrong_IsAStateThatWas()
    {
        var states = new Dictionary<ulong, ResourceSet>();
        using (var disk = Disks.Open(_folder))
        {
            var set = ResourceSet.Empty.Next(Resources.Put("a", "1"));
            disk.Write(set, null);
            states[set.Generation] = set;
            for (var i = 0; i < 3; i++)
            {
                set = WriteNext(disk, set);
                states[set.Generation] = set;
            }
        }

        var deltas = Directory.GetFiles(_folder, "*.deltas").ShouldHaveSingleItem();
        var whole = File.ReadAllBytes(deltas);
        for (var at = 0; at < whole.Length; at++)
        {
            var wrong = whole.ToArray();
            wrong[at] ^= 0x10;
            File.WriteAllBytes(deltas, wrong);
            using var disk = Disks.Open(_folder);
            var loaded = disk.Load().First();

            loaded.ShouldEqual(states[loaded.Generation]);
            loaded.Generation.ShouldBeLessThan(4ul);
        }
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("flipped")]
    [InlineData("gone")]
    public void Load_NewestBaseBroken_IsTheOneBeforeWithItsChanges(string how)
    {
        ResourceSet before;
        using (var disk = Disks.Open(_folder))
        {
            before = ResourceSet.Empty.Next(Resources.Put("a", "1"));
            disk.Write(before, null);
            before = WriteNext(disk, before);
            // As after a snapshot: nothing leads to it.
            var jumped = before.With([Resources.Put("z", "9")], before.Generation + 10);
            disk.Write(jumped, null);
            WriteNext(disk, jumped);
        }

        Break(Bases()[^1], how);
        using var again = Disks.Open(_folder);
        again.Load().First().ShouldEqual(before);
    }

    [Fact]
    public async Task Load_NewestBaseBrokenAfterFolding_LosesNothing()
    {
        var set = ResourceSet.Empty.Next(Resources.Put("a", "1"));
        using (var disk = Disks.Open(_folder, foldFrom: 500))
        {
            disk.Write(set, null);
            while (Bases().Length < 2)
            {
                set = WriteNext(disk, set);
                await Task.Yield();
            }

            for (var i = 0; i < 3; i++)
            {
                set = WriteNext(disk, set);
            }
        }

        foreach (var path in Bases()[1..])
        {
            Break(path, "cut");
        }

        using var again = Disks.Open(_folder);
        again.Load().First().ShouldEqual(set);
    }

    [Fact]
    public async Task Write_ManyChanges_FoldsAndStaysSmall()
    {
        var set = ResourceSet.Empty;
        using (var disk = Disks.Open(_folder, foldFrom: 4_000))
        {
            disk.Write(set, null);
            for (var i = 0; i < 400; i++)
            {
                set = WriteNext(disk, set);
                await disk.Folding;
            }
        }

        Bases().Length.ShouldBe(StateDisk.BasesKept);
        Directory.GetFiles(_folder, "*.unfinished").ShouldBeEmpty();
        Directory.GetFiles(_folder).Sum(f => new FileInfo(f).Length).ShouldBeLessThan(60_000);
        using var again = Disks.Open(_folder);
        again.Load().First().ShouldEqual(set);
    }

    [Theory]
    [InlineData(2, "k1", "sandbox/configuration")]
    [InlineData(1, "k2", "sandbox/configuration")]
    [InlineData(1, "k1", "production/configuration")]
    public void Load_OtherKeyOrOtherLog_IsNothingAndCanBeWrittenAnew(
        byte key,
        string keyId,
        string identity
    )
    {
        using (var disk = Disks.Open(_folder))
        {
            disk.Write(ResourceSet.Empty.Next(Resources.Put("a", "secret")), null);
        }

        var set = ResourceSet.Empty.Next(Resources.Put("b", "1"));
        using (var disk = Disks.Open(_folder, key: key, keyId: keyId, identity: identity))
        {
            disk.Load().ShouldBeEmpty();
            disk.Write(set, null);
        }

        using var again = Disks.Open(_folder, key: key, keyId: keyId, identity: identity);
        again.Load().First().ShouldEqual(set);
    }

    [Fact]
    public void Write_Content_IsNotReadableOnDisk()
    {
        using (var disk = Disks.Open(_folder))
        {
            var set = ResourceSet.Empty.Next(Resources.Put("a", "a hidden word"));
            disk.Write(set, null);
            disk.Write(
                set.Next(Resources.Put("b", "a hidden word")),
                [Resources.Put("b", "a hidden word")]
            );
        }

        foreach (var path in Directory.GetFiles(_folder))
        {
            File.ReadAllText(path).ShouldNotContain("hidden");
        }
    }

    [Fact]
    public void Write_FolderOfAnotherProcess_ThrowsAndLeavesItAlone()
    {
        using var owner = Disks.Open(_folder);
        var set = WriteNext(owner, ResourceSet.Empty);
        using var second = Disks.Open(_folder);

        second.Load().First().ShouldEqual(set);
        Should.Throw<IOException>(() => second.Write(ResourceSet.Empty, null));

        set = WriteNext(owner, set);
        using var third = Disks.Open(_folder);
        third.Load().First().ShouldEqual(set);
    }

    [Fact]
    public void Write_AfterAFailure_BeginsAnew()
    {
        using var disk = Disks.Open(_folder);
        var set = WriteNext(disk, ResourceSet.Empty);
        // The place of the next file is taken by a folder.
        var blocked = Directory.CreateDirectory(
            Path.Combine(_folder, "0000000002.base.unfinished")
        );
        var lost = set.Next(Resources.Put("lost", "1"));
        Should.Throw<Exception>(() => disk.Write(lost, null));
        disk.Generation.ShouldBe(set.Generation);
        blocked.Delete();

        var found = WriteNext(disk, lost);

        using var again = Disks.Open(_folder);
        again.Load().First().ShouldEqual(found);
    }

    // Killed in the middle of whatever it does, again and again: what it said is there, and is right.
    [Fact]
    public async Task Load_ProcessKilledWhileWriting_HasWhatWasPromised()
    {
        var random = new Random(5);
        for (var round = 0; round < 6; round++)
        {
            using var writer = StateWriter.Start(_folder);
            var promised = 0ul;
            var stop = Stopwatch.StartNew();
            var until = TimeSpan.FromMilliseconds(random.Next(5, 250));
            while (await writer.StandardOutput.ReadLineAsync() is { } line)
            {
                stop = promised == 0 ? Stopwatch.StartNew() : stop;
                promised = ulong.Parse(line, CultureInfo.InvariantCulture);
                if (stop.Elapsed > until)
                {
                    break;
                }
            }

            writer.Kill();
            while (await writer.StandardOutput.ReadLineAsync() is { } line)
            {
                promised = ulong.TryParse(line, CultureInfo.InvariantCulture, out var g)
                    ? Math.Max(g, promised)
                    : promised;
            }

            await writer.WaitForExitAsync();
            using var disk = Disks.Open(_folder);
            var loaded = disk.Load().First();
            loaded.Generation.ShouldBeGreaterThanOrEqualTo(promised);
            promised.ShouldBeGreaterThan(0ul);
            loaded.ShouldEqual(StateWriter.StateAt(loaded.Generation));
        }
    }

    private string[] Bases() => [.. Directory.GetFiles(_folder, "*.base").Order()];

    private static ResourceSet WriteNext(StateDisk disk, ResourceSet set)
    {
        var changes = new[]
        {
            Resources.Put($"{set.Generation % 10}", $"at {set.Generation}"),
            Resources.Delete($"{(set.Generation + 5) % 10}"),
        };
        var next = set.Next(changes);
        disk.Write(next, changes);
        return next;
    }

    private static void Break(string path, string how)
    {
        var content = File.ReadAllBytes(path);
        switch (how)
        {
            case "cut":
                File.WriteAllBytes(path, content[..^5]);
                break;
            case "empty":
                File.WriteAllBytes(path, []);
                break;
            case "flipped":
                content[content.Length / 2] ^= 1;
                File.WriteAllBytes(path, content);
                break;
            default:
                File.Delete(path);
                break;
        }
    }
}
