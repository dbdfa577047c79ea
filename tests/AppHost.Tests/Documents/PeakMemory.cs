using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>The most memory that processes of the suite had at once, from now on.</summary>
internal sealed class PeakMemory
{
    private readonly (string Name, int Pid, long Before)[] _processes;

    public PeakMemory(Suite suite, params string[] resources)
    {
        _processes =
        [
            .. resources.Select(name =>
            {
                suite
                    .App.ResourceNotifications.TryGetCurrentState(name, out var state)
                    .ShouldBeTrue(name);
                var pid = (int)
                    state!.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;
                // proc_pid_clear_refs(5): forgets the peak so far.
                File.WriteAllText($"/proc/{pid}/clear_refs", "5");
                return (name, pid, Megabytes(pid, "VmRSS"));
            }),
        ];
    }

    public override string ToString() =>
        string.Join(
            ", ",
            _processes.Select(p =>
                $"{p.Name} had {p.Before} MB before and at most {Megabytes(p.Pid, "VmHWM")} MB"
            )
        );

    private static long Megabytes(int pid, string field) =>
        long.Parse(
            File.ReadLines($"/proc/{pid}/status")
                .Single(line => line.StartsWith(field + ":", StringComparison.Ordinal))
                .Split(':')[1]
                .Replace("kB", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture
        ) / 1024;
}
