using System.Diagnostics;
using System.Globalization;
using KafkaBroker;

namespace ApiSvc.Spool.Tests.Running;

/// <summary>A broker in a process of its own, to be killed and started again on the same data and port.</summary>
internal sealed class BrokerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _data;
    private Process _process = null!;

    private BrokerProcess(string data) => _data = data;

    public string Address { get; private set; } = "";

    public static async Task<BrokerProcess> StartAsync(string data)
    {
        var broker = new BrokerProcess(data);
        await broker.LaunchAsync(0);
        return broker;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public Task RestartAsync()
    {
        _process.Dispose();
        return LaunchAsync(
            int.Parse(Address.AsSpan(Address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture)
        );
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private async Task LaunchAsync(int port)
    {
        _process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [
                    typeof(KafkaBrokerHost).Assembly.Location,
                    "--data",
                    _data,
                    "--port",
                    port.ToString(CultureInfo.InvariantCulture),
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        Address = line!["listening ".Length..];
    }
}
