using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Processes;

/// <summary>A process of a resource, in a session and process group of its own.</summary>
internal sealed partial class ManagedProcess
{
    // Of the host only, and not of what it starts.
    private static readonly string[] HostVariables =
    [
        "ASPNETCORE_URLS",
        "ASPNETCORE_ENVIRONMENT",
        "DOTNET_ENVIRONMENT",
        "DOTNET_LAUNCH_PROFILE",
    ];

    private readonly Process _process;
    private readonly ProcessPlan _plan;

    private ManagedProcess(Process process, ProcessPlan plan, Action<string, bool> write)
    {
        _process = process;
        _plan = plan;
        Id = process.Id;
        Exited = RunAsync(write);
    }

    public int Id { get; }

    /// <summary>The exit code (128 + the signal's number if it was killed), once all output has been read.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts it.</summary>
    /// <param name="plan">The process.</param>
    /// <param name="write">Takes a line of output, and whether it is an error.</param>
    public static async Task<ManagedProcess> StartAsync(
        ProcessPlan plan,
        Action<string, bool> write
    )
    {
        var onHostsDeath = plan.KeepsData ? plan.StopSignal : Signal.Kill;
        var start = new ProcessStartInfo(
            Programs.Require("setsid", "util-linux"),
            [
                Programs.Require("setpriv", "util-linux"),
                "--pdeathsig",
                SignalName(onHostsDeath),
                .. plan.Privileges,
                "--",
                plan.Program,
                .. plan.Arguments,
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = plan.WorkingDirectory,
        };
        foreach (var name in HostVariables)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in plan.Environment)
        {
            start.Environment[name] = value;
        }

        var process = await ProcessSpawner.StartAsync(start);
        await ProcessGuard.AddAsync(process.Id, plan.KeepsData);
        await WriteInputAsync(process, plan.Input);
        return new ManagedProcess(process, plan, write);
    }

    /// <summary>Tells it to end, and kills it and its children when it has not after a while.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        Send(Id, _plan.StopSignal);
        try
        {
            await Exited.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            Send(-Id, Signal.Kill);
            await Exited;
        }
    }

    private static async Task WriteInputAsync(Process process, string? input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code and its output say why.
        }
    }

    private async Task<int> RunAsync(Action<string, bool> write)
    {
        var output = ReadAsync(_process.StandardOutput, line => write(line, false));
        var error = ReadAsync(_process.StandardError, line => write(line, !_plan.LogsToError));
        await _process.WaitForExitAsync();

        // What it started and left behind goes with it, and with that the pipes close.
        Send(-Id, Signal.Kill);
        await Task.WhenAll(output, error);
        await ProcessGuard.RemoveAsync(Id);
        var code = _process.ExitCode;
        _process.Dispose();
        return code;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> write)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            write(line);
        }
    }

    private static string SignalName(Signal signal) =>
        signal switch
        {
            Signal.Interrupt => "INT",
            Signal.Terminate => "TERM",
            _ => "KILL",
        };

    private static void Send(int id, Signal signal)
    {
        // Fails when there is no such process any more, and that is what is wanted.
        _ = Kill(id, (int)signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int id, int signal);
}
