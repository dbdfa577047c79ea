using System.Buffers.Binary;
using System.Diagnostics;
using ApiSvc.Spool.Tests.Running;
using ApiSvc.SpoolChild;

namespace ApiSvc.Spool.Tests.Appending;

/// <summary>A process that appends as fast as it can is killed, again and again, at any moment.</summary>
public sealed class KillTests
{
    private const int Said = 12;

    [Fact]
    public Task Append_ProcessIsKilled_EveryReturnedRecordIsThere() => KillAsync(rounds: 4);

    [Fact]
    [Trait("Long", "spool")]
    public Task Append_ProcessIsKilledOften_EveryReturnedRecordIsThere() => KillAsync(rounds: 100);

    private static async Task KillAsync(int rounds)
    {
        using var box = new SpoolBox();
        var returned = new HashSet<(int, ulong)>();
        for (var round = 0; round < rounds; round++)
        {
            var enough = Random.Shared.Next(1_000, 40_000);
            using var child = Start(box.Folder);
            var reading = ReadAsync(child, returned, () => returned.Count, enough);
            await reading;
            child.Kill();
            await child.WaitForExitAsync();
            // What it had said when it died.
            await ReadAsync(child, returned, () => 0, int.MaxValue);
        }

        var found = box.Read();
        returned.Count.ShouldBeGreaterThan(rounds * 1_000);
        returned.Except(found.Keys).ShouldBeEmpty();
        box.Spool.Status.Corrupted.ShouldBe(0);
    }

    private static Process Start(string folder) =>
        Process.Start(
            new ProcessStartInfo("dotnet", [typeof(NumberedRecord).Assembly.Location, folder, "3"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;

    // No number comes twice: neither from two threads nor from two processes.
    private static async Task ReadAsync(
        Process child,
        HashSet<(int, ulong)> returned,
        Func<int> count,
        int enough
    )
    {
        var output = child.StandardOutput.BaseStream;
        var buffer = new byte[Said];
        for (var start = count(); count() - start < enough; )
        {
            if (await output.ReadAtLeastAsync(buffer, Said, throwOnEndOfStream: false) < Said)
            {
                return;
            }

            returned
                .Add(
                    (
                        BinaryPrimitives.ReadInt32LittleEndian(buffer),
                        BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(4))
                    )
                )
                .ShouldBeTrue();
        }
    }
}
