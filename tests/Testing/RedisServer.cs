using System.Globalization;

namespace ApiSvc.Testing;

/// <summary>A private redis-server that keeps nothing.</summary>
public sealed class RedisServer : IDisposable
{
    private readonly ServerProcess _server;

    private RedisServer(ServerProcess server, int port)
    {
        _server = server;
        Port = port;
    }

    /// <summary>Where it listens, on loopback.</summary>
    public int Port { get; }

    /// <summary>As in a connection string.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts one, at a free port unless one is named.</summary>
    public static async Task<RedisServer> StartAsync(int? port = null)
    {
        var listens = port ?? FreePort.Find();
        var (server, _) = await ServerProcess.StartAsync(
            "redis-server",
            "redis-server",
            "Ready to accept connections",
            "--bind",
            "127.0.0.1",
            "--port",
            listens.ToString(CultureInfo.InvariantCulture),
            "--save",
            "",
            "--appendonly",
            "no"
        );
        return new RedisServer(server, listens);
    }

    /// <summary>Ends it, and with it all that it holds.</summary>
    public void Dispose() => _server.Dispose();
}
