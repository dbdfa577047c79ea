using System.Diagnostics;
using System.Globalization;
using ApiSvc.Testing;
using KafkaBroker;

namespace ApiSvc.BrokerTests.Brokers;

/// <summary>The broker as the program that it is.</summary>
internal sealed class BrokerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private BrokerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public string Address { get; private set; } = "";

    public int Port =>
        int.Parse(Address.AsSpan(Address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);

    public static async Task<BrokerProcess> StartAsync(string folder, int port = 0)
    {
        var broker = Launch(folder, port);
        var line = await broker._process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        broker.Address =
            line is not null && line.StartsWith("listening ", StringComparison.Ordinal)
                ? line["listening ".Length..]
                : throw new InvalidOperationException(
                    $"The broker said {line}: {await broker._errors}"
                );
        return broker;
    }

    /// <summary>Starts one that is expected to end by itself.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(string folder, int port = 0)
    {
        using var broker = Launch(folder, port);
        await broker._process.WaitForExitAsync().WaitAsync(Patience);
        return (broker._process.ExitCode, await broker._errors);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM.</summary>
    public async Task<int> TerminateAsync()
    {
        await _process.TerminateAsync();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static BrokerProcess Launch(string folder, int port) =>
        new(
            Process.Start(
                new ProcessStartInfo(
                    "dotnet",
                    [
                        typeof(KafkaBrokerHost).Assembly.Location,
                        "--data",
                        folder,
                        "--port",
                        port.ToString(CultureInfo.InvariantCulture),
                    ]
                )
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!
        );
}
