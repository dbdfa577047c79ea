using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ApiSvc.Testing;

namespace ApiSvc.ServiceDefaults.Tests.Sample;

/// <summary>The sample service as a process of its own, on free loopback ports.</summary>
internal sealed partial class SampleProcess : IAsyncDisposable
{
    private static readonly string[] Endpoints = ["grpc", "http", "management"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _listens = new();
    private readonly TaskCompletionSource _exited = new();
    private readonly List<Uri> _addresses = [];

    private SampleProcess(string[] arguments, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "ApiSvc.SampleService.dll"), .. arguments]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        foreach (var endpoint in Endpoints)
        {
            start.Environment[$"Kestrel__Endpoints__{endpoint}__Url"] = "http://127.0.0.1:0";
        }

        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _exited.TrySetResult();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    // Kestrel binds in the order of the configuration, which sorts its keys.
    public Uri Address(string endpoint) => _addresses[Array.IndexOf(Endpoints, endpoint)];

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<SampleProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var sample = new SampleProcess([], settings);
        await Task.WhenAny(sample._listens.Task, sample._exited.Task).WaitAsync(Patience);
        sample._listens.Task.IsCompleted.ShouldBeTrue(sample.Output);
        return sample;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyDictionary<string, string> settings,
        params string[] arguments
    )
    {
        await using var sample = new SampleProcess(arguments, settings);
        return (await sample.ExitAsync(), sample.Output);
    }

    /// <summary>Tells it to stop, as an orchestrator does, and waits until it has.</summary>
    public async Task<int> StopAsync()
    {
        await _process.TerminateAsync();
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _exited.Task;
        }

        _process.Dispose();
    }

    private async Task<int> ExitAsync()
    {
        await _exited.Task.WaitAsync(Patience);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            _addresses.Add(new Uri(match.Groups["address"].Value));
            if (_addresses.Count == Endpoints.Length)
            {
                _listens.TrySetResult();
            }
        }
    }

    [GeneratedRegex(
        "Now listening on: (?<address>\\S+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Listening();
}
