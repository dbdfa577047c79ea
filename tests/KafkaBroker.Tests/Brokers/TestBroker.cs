using KafkaBroker;

namespace ApiSvc.BrokerTests.Brokers;

/// <summary>A broker in this process that can be started again on the same data and port.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _partitions;
    private KafkaBrokerHost? _host;
    private int _port;

    private TestBroker(int partitions) => _partitions = partitions;

    public string Address => _host!.BootstrapServers;

    public static async Task<TestBroker> StartAsync(int partitions = 1)
    {
        var broker = new TestBroker(partitions);
        await broker.StartHostAsync();
        return broker;
    }

    public async Task RestartAsync()
    {
        await _host!.DisposeAsync();
        await StartHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartHostAsync()
    {
        _host = await KafkaBrokerHost.StartAsync(
            new()
            {
                DataFolder = _folder.Path,
                Port = _port,
                Partitions = _partitions,
                MinSessionTimeout = TimeSpan.FromSeconds(1),
                MaxRequestBytes = 4 * 1024 * 1024,
            }
        );
        _port = int.Parse(
            Address.AsSpan(Address.LastIndexOf(':') + 1),
            System.Globalization.CultureInfo.InvariantCulture
        );
    }
}
