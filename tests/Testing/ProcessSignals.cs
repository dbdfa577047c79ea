using System.Diagnostics;
using System.Globalization;

namespace ApiSvc.Testing;

/// <summary>What .NET cannot send to another process.</summary>
public static class ProcessSignals
{
    /// <summary>Sends SIGTERM: tells a process to stop, as an orchestrator does.</summary>
    public static async Task TerminateAsync(this Process process)
    {
        // The shell's own kill: a minimal system has no program of this name.
        var id = process.Id.ToString(CultureInfo.InvariantCulture);
        using var shell = Process.Start("sh", ["-c", $"kill -TERM {id}"]);
        await shell.WaitForExitAsync();
    }
}
