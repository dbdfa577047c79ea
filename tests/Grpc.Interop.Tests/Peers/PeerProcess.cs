using System.Diagnostics;
using System.Text;

namespace ApiSvc.Interop.Peers;

/// <summary>
/// A child that talks in lines. It ends when its standard input closes, so also when this program dies.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private PeerProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    public StreamWriter Input => _process.StandardInput;

    public static async Task<(PeerProcess Process, string FirstLine)> StartAsync(
        ProcessStartInfo start
    )
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var peer = new PeerProcess(Process.Start(start)!);
        return (peer, await peer.ReadLineAsync().WaitAsync(Patience));
    }

    public async Task<string> ReadLineAsync()
    {
        if (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            return line;
        }

        await _process.WaitForExitAsync();
        lock (_errors)
        {
            throw new CaseFailedException(
                $"{_process.StartInfo.FileName} ended with {_process.ExitCode}: {_errors}"
            );
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            try
            {
                await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(3));
            }
            catch (TimeoutException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }
}
