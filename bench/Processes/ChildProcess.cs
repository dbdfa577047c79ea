using System.Diagnostics;
using System.Globalization;

namespace ApiSvc.Bench.Processes;

/// <summary>A program of this run, in a process of its own.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static ChildProcess Start(
        string assembly,
        IEnumerable<KeyValuePair<string, string?>> environment,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]);
        foreach (var (key, value) in environment)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return Start(start);
    }

    /// <summary>Starts another program than one of .NET.</summary>
    public static ChildProcess Start(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        return new(Process.Start(start)!);
    }

    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>Nobody reads what it says; a full pipe would stop it.</summary>
    public void Drain() => _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>User and system time of a process and its children, those that ended included (proc(5)).</summary>
    public static TimeSpan CpuOf(int id)
    {
        var all = Own(id);
        foreach (var child in Directory.GetDirectories("/proc").Select(Path.GetFileName))
        {
            if (
                int.TryParse(child, CultureInfo.InvariantCulture, out var other)
                && ParentOf(other) == id
            )
            {
                all += Own(other);
            }
        }

        return all;
    }

    private static TimeSpan Own(int id)
    {
        // Fields 14 to 17 of all; 12 to 15 of what follows the name. Hundredths of a second.
        var fields = Stat(id);
        return fields.Length < 15
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(
                fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture)) / 100.0
            );
    }

    private static int ParentOf(int id) =>
        Stat(id) is { Length: > 1 } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;

    private static string[] Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }
}
