using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Processes;

/// <summary>
/// A process that outlives this one for a moment and ends what it left behind. It knows the process groups that run,
/// and reads from a pipe that closes when this process ends, however it ends. So children of children go too.
/// </summary>
internal static class ProcessGuard
{
    // Groups that keep data have been told to end by the system already, and have five seconds for it.
    private const string Script = """
        trap '' INT TERM HUP
        exec >/dev/null 2>&1
        groups=
        while read -r operation group keeps; do
          rest=
          for g in $groups; do [ "${g%:*}" = "$group" ] || rest="$rest $g"; done
          groups=$rest
          [ "$operation" = + ] && groups="$groups $group:$keeps"
        done
        for g in $groups; do [ "${g#*:}" = 1 ] || kill -KILL "-${g%:*}"; done
        tries=0
        while [ $tries -lt 50 ]; do
          left=
          for g in $groups; do kill -0 "-${g%:*}" && left=1; done
          [ -n "$left" ] || exit 0
          sleep 0.1
          tries=$((tries + 1))
        done
        for g in $groups; do kill -KILL "-${g%:*}"; done
        """;

    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static Process? _guard;

    public static Task AddAsync(int group, bool keepsData) =>
        TellAsync($"+ {group.ToString(CultureInfo.InvariantCulture)} {(keepsData ? 1 : 0)}");

    public static Task RemoveAsync(int group) =>
        TellAsync($"- {group.ToString(CultureInfo.InvariantCulture)} 0");

    private static async Task TellAsync(string line)
    {
        await Gate.WaitAsync();
        try
        {
            _guard ??= await ProcessSpawner.StartAsync(
                new ProcessStartInfo(
                    Programs.Require("setsid", "util-linux"),
                    ["/bin/sh", "-c", Script]
                )
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    WorkingDirectory = "/",
                }
            );
            await _guard.StandardInput.WriteLineAsync(line);
            await _guard.StandardInput.FlushAsync();
        }
        finally
        {
            Gate.Release();
        }
    }
}
