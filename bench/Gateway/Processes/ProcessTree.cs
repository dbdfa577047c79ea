using System.Globalization;

namespace ApiSvc.Bench.Gateway.Processes;

/// <summary>What the kernel knows of a process and its children (proc(5)).</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100;
    private const StringSplitOptions Options = StringSplitOptions.RemoveEmptyEntries;

    /// <summary>User and system time, that of children which ended included; in steps of 10 ms.</summary>
    public static TimeSpan CpuOf(int id) =>
        TimeSpan.FromSeconds(All(id).Sum(p => p.Ticks) / TicksPerSecond);

    /// <summary>Time since the start that a virtual machine's host gave to others, of all processors together.</summary>
    public static TimeSpan Stolen() =>
        TimeSpan.FromSeconds(
            Number(File.ReadLines("/proc/stat").First().Split(' ', Options)[8]) / TicksPerSecond
        );

    /// <summary>Memory in use, in bytes; pages that processes share count once for each.</summary>
    public static long MemoryOf(int id) => All(id).Sum(p => ResidentOf(p.Id));

    /// <summary>The process and its descendants.</summary>
    public static IReadOnlyList<int> IdsOf(int id) => [.. All(id).Select(p => p.Id)];

    private static List<ProcessStat> All(int id)
    {
        var processes = new List<ProcessStat>();
        foreach (var name in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName))
        {
            if (
                int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var other)
                && Read(other) is { } stat
            )
            {
                processes.Add(stat);
            }
        }

        var tree = processes.Where(p => p.Id == id).ToList();
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(processes.Where(p => p.Parent == tree[i].Id));
        }

        return tree;
    }

    private static ProcessStat? Read(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name may hold spaces; the second field after it is the parent, the 12th to 15th are times.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new(id, (int)Number(fields[1]), fields[11..15].Sum(Number));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long ResidentOf(int id)
    {
        try
        {
            return Number(File.ReadAllText($"/proc/{id}/statm").Split(' ')[1])
                * Environment.SystemPageSize;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private sealed record ProcessStat(int Id, int Parent, long Ticks);
}
