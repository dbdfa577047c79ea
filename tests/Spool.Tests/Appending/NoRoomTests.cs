using System.Diagnostics;
using System.Globalization;
using ApiSvc.Spool.Tests.Running;
using ApiSvc.SpoolChild;
using ApiSvc.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.Spool.Tests.Appending;

public sealed class NoRoomTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Append_BoundReached_DropsTheOldestAndCounts()
    {
        using var box = new SpoolBox { Options = { Lanes = 1, MaxBytes = 6 << 20 } };
        const ulong Count = 60_000;
        for (var number = 1UL; number <= Count; number++)
        {
            await box.AppendAsync(number);
        }

        var status = box.Spool.Status;
        status.Bytes.ShouldBeLessThanOrEqualTo(6 << 20);
        var read = box.Read();
        read.Values.ShouldBe(
            Enumerable.Range((int)status.DroppedForBound + 1, read.Count).Select(n => (ulong)n)
        );
        ((ulong)read.Count + (ulong)status.DroppedForBound).ShouldBe(Count);
        status.DroppedForBound.ShouldBeGreaterThan(0);
        status.DroppedForRoom.ShouldBe(0);
        var health = SpoolHealthCheck.Judge(status, DateTimeOffset.UtcNow);
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description!.ShouldContain($"{status.DroppedForBound} at the bound");
    }

    [Fact]
    public async Task Append_DiskFull_DropsAndCountsUntilThereIsSpace()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may mount a small disk.");
        await using var disk = await SmallDisk.MountAsync(megabytes: 8);
        var others = Path.Combine(disk.Path, "others");
        var folder = Directory.CreateDirectory(Path.Combine(disk.Path, "spool")).FullName;
        using var box = new SpoolBox(folder) { Options = { Lanes = 1 } };
        var appended = new List<ulong> { (await box.AppendAsync(1)).Sequence };
        Fill(others);

        var number = 2UL;
        while (box.TryAppend(number++) is { } at)
        {
            appended.Add(at.Sequence);
        }

        await Eventually.HoldsAsync(
            () => box.Spool.Status.Failure is not null,
            "the keeper found the disk full"
        );
        box.TryAppend(number++).ShouldBeNull();
        box.Spool.Status.DroppedForRoom.ShouldBe(2);
        SpoolHealthCheck
            .Judge(box.Spool.Status, DateTimeOffset.UtcNow)
            .Status.ShouldBe(HealthStatus.Degraded);

        File.Delete(others);
        await Eventually.HoldsAsync(
            () => box.Spool.Status.Failure is null && box.TryAppend(number) is not null,
            "recording goes on when there is space"
        );
        var read = box.Read();
        read.Keys.Select(k => k.Sequence).SkipLast(1).ShouldBe(appended);
        // The numbers of what was dropped are missing, so that consumers see it.
        read.Keys.Last().Sequence.ShouldBeGreaterThanOrEqualTo(appended[^1] + 3);
    }

    [Fact]
    public async Task Append_FilesMayNotGrow_DropsUntilTheyMay()
    {
        var folder = Directory.CreateTempSubdirectory("spool-").FullName;
        // The limit comes with a signal, which would end a process that does not ignore it.
        using var child = Process.Start(
            new ProcessStartInfo(
                "sh",
                [
                    "-c",
                    "trap '' XFSZ; exec dotnet \"$@\"",
                    "sh",
                    typeof(NumberedRecord).Assembly.Location,
                    folder,
                    "1",
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            // The runtime has all its own files once it says something.
            var output = child.StandardOutput.BaseStream;
            await output.ReadExactlyAsync(new byte[12]).AsTask().WaitAsync(Patience);
            await LimitAsync(child, "1048576");
            var saying = output.CopyToAsync(Stream.Null);
            (await child.StandardError.ReadLineAsync().WaitAsync(Patience)).ShouldBe("full");
            await LimitAsync(child, "unlimited");
            (await child.StandardError.ReadLineAsync().WaitAsync(Patience)).ShouldBe("again");
            saying.IsCompleted.ShouldBeFalse();
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<string> LimitAsync(Process process, string bytes) =>
        ChildProgram.RunAsync(
            new ProcessStartInfo(
                "prlimit",
                [
                    "--pid",
                    process.Id.ToString(CultureInfo.InvariantCulture),
                    $"--fsize={bytes}:unlimited",
                ]
            )
        );

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full, which was the aim.
        }
    }
}
