using System.ComponentModel;
using System.Diagnostics;

namespace ApiSvc.Testing;

/// <summary>A server of a test's own, ended with it.</summary>
public sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<string> _ready = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private bool _ended;

    private ServerProcess(Process process) => _process = process;

    /// <summary>Starts a program and waits for the line that says that it is ready.</summary>
    /// <param name="program">The program.</param>
    /// <param name="package">The Debian package that has it.</param>
    /// <param name="mark">What the line has in it.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <returns>The server, and the line.</returns>
    public static async Task<(ServerProcess Server, string Line)> StartAsync(
        string program,
        string package,
        string mark,
        params string[] arguments
    )
    {
        var server = new ServerProcess(Launch(program, package, arguments));
        server._process.OutputDataReceived += (_, line) => server.Read(line.Data, mark);
        server._process.ErrorDataReceived += (_, line) => server.Read(line.Data, mark);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return (server, await server._ready.Task.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Kills it.</summary>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static Process Launch(string program, string package, string[] arguments)
    {
        try
        {
            return Process.Start(
                new ProcessStartInfo(program, arguments)
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException(
                $"{program} is not installed. Install it: apt-get install {package}",
                exception
            );
        }
    }

    private void Read(string? line, string mark)
    {
        if (line?.Contains(mark, StringComparison.Ordinal) == true)
        {
            _ready.TrySetResult(line);
        }
    }
}
