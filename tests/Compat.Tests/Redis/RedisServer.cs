using System.Globalization;
using ApiSvc.Compat.Tests.Servers;

namespace ApiSvc.Compat.Tests.Redis;

/// <summary>A private redis-server that keeps nothing.</summary>
public sealed class RedisServer : IAsyncLifetime, IDisposable
{
    private ServerProcess? _server;

    public string Address { get; private set; } = "";

    public static async Task<RedisServer> StartAsync(int port)
    {
        var redis = new RedisServer();
        await redis.StartAtAsync(port);
        return redis;
    }

    public async ValueTask InitializeAsync() => await StartAtAsync(FreePort.Find());

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _server?.Dispose();

    private async Task StartAtAsync(int port)
    {
        (_server, _) = await ServerProcess.StartAsync(
            "redis-server",
            "redis-server",
            "Ready to accept connections",
            "--bind",
            "127.0.0.1",
            "--port",
            port.ToString(CultureInfo.InvariantCulture),
            "--save",
            "",
            "--appendonly",
            "no"
        );
        Address = $"127.0.0.1:{port}";
    }
}
