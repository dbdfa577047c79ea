using System.Diagnostics;
using System.Runtime.CompilerServices;
using ApiSvc.Gateway.Sync;
using ApiSvc.Gateway.Sync.Disk;

namespace ApiSvc.Gateway.Tests.Sync.Disk;

/// <summary>A process that writes states until it is killed: this program, started with a folder in its environment.</summary>
internal static class StateWriter
{
    private const string Variable = "APISVC_TEST_STATE_FOLDER";

    public static Process Start(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { [Variable] = folder },
        };
        return Process.Start(start)!;
    }

    /// <summary>The state at a generation, the same in every process.</summary>
    public static ResourceSet StateAt(ulong generation)
    {
        var set = ResourceSet.Empty;
        for (var g = 1ul; g <= generation; g++)
        {
            set = set.Next(ChangesOf(g));
        }

        return set;
    }

    // Before the test framework has begun.
#pragma warning disable CA2255 // The only place that runs before it.
    [ModuleInitializer]
    internal static void WriteIfAsked()
#pragma warning restore CA2255
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } folder)
        {
            return;
        }

        using var disk = Disks.Open(folder, foldFrom: 20_000);
        var set = disk.Load().FirstOrDefault() ?? ResourceSet.Empty;
        disk.Resume(set);
        while (true)
        {
            var changes = ChangesOf(set.Generation + 1);
            set = set.Next(changes);
            disk.Write(set, changes);
            // What is told is promised.
            Console.Out.WriteLine(set.Generation);
        }
    }

    private static Contracts.Sync.V1.Change[] ChangesOf(ulong generation) =>
        [
            Resources.Put($"{generation % 40}", new string('x', 100) + generation),
            Resources.Delete($"{generation * 7 % 40}"),
        ];
}
