using System.Diagnostics;

namespace ApiSvc.Bench.Gateway.Processes;

/// <summary>A program of this run; it ends with it, however that ends.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _name;

    private Child(Process process, string name, string output)
    {
        _process = process;
        _name = name;
        Output = output;
    }

    public int Id => _process.Id;

    /// <summary>The file with what it says.</summary>
    public string Output { get; }

    /// <summary>Starts a program on these processors; what it says goes to a file.</summary>
    public static Child Start(
        string cores,
        string output,
        IReadOnlyList<string> command,
        IEnumerable<KeyValuePair<string, string?>>? environment = null,
        string? folder = null
    )
    {
        // Each executes the next, so the process stays one.
        var start = new ProcessStartInfo(
            "setpriv",
            [
                "--pdeathsig",
                "TERM",
                "taskset",
                "-c",
                cores,
                "sh",
                "-c",
                "out=$0; exec \"$@\" >\"$out\" 2>&1 </dev/null",
                output,
                .. command,
            ]
        )
        {
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (key, value) in environment ?? [])
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new(StarterThread.Start(start), Path.GetFileName(command[0]), output);
    }

    /// <summary>Waits until something holds.</summary>
    /// <exception cref="BenchException">The program ended, or it takes too long.</exception>
    public async Task UntilAsync(
        Func<CancellationToken, Task<bool>> holds,
        string what,
        CancellationToken cancellationToken,
        TimeSpan? patience = null
    )
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await holds(cancellationToken))
        {
            if (_process.HasExited)
            {
                throw new BenchException($"{_name} ended with {_process.ExitCode}:\n{Tail()}");
            }

            if (Stopwatch.GetElapsedTime(begun) > (patience ?? Patience))
            {
                throw new BenchException($"{_name}: not {what} in time:\n{Tail()}");
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <exception cref="BenchException">It failed, or takes too long.</exception>
    public async Task ExitsAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchException($"{_name} does not end:\n{Tail()}");
        }

        if (_process.ExitCode != 0)
        {
            throw new BenchException($"{_name} ended with {_process.ExitCode}:\n{Tail()}");
        }
    }

    /// <summary>Ends it and waits for that.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
        {
            return;
        }

        Signals.Terminate(Id);
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private string Tail() =>
        File.Exists(Output) ? string.Join('\n', File.ReadLines(Output).TakeLast(30)) : "";
}
