using System.Collections.Concurrent;
using System.Net;
using KafkaBroker.Groups;
using KafkaBroker.Server;
using KafkaBroker.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace KafkaBroker;

/// <summary>A running broker: one node, on the loopback address, with its data in a folder.</summary>
public sealed partial class KafkaBrokerHost : IAsyncDisposable
{
    private static readonly TimeSpan GroupTick = TimeSpan.FromMilliseconds(100);

    // For answers under way when the broker stops; a client that does not read does not hold it up for longer.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly DataFolder _data;
    private readonly IConnectionListener _listener;
    private readonly ApiTable _apis;
    private readonly int _maxRequestBytes;
    private readonly ILogger _logger;
    private readonly ITimer[] _timers;
    private readonly Task _accepting;
    private bool _disposed;

    private KafkaBrokerHost(
        BrokerOptions options,
        DataFolder data,
        IConnectionListener listener,
        ILogger logger,
        TimeProvider time
    )
    {
        var endpoint = (IPEndPoint)listener.EndPoint;
        if (
            options.Advertised is null
            || !Address.TryParse(options.Advertised, out var advertised)
            || advertised is null
        )
        {
            advertised = new(endpoint.Address.ToString(), endpoint.Port);
        }

        BootstrapServers = endpoint.ToString();
        var groups = new GroupRegistry(time);
        _data = data;
        _listener = listener;
        _logger = logger;
        _maxRequestBytes = options.MaxRequestBytes;
        _apis = new(options, advertised, data, groups, time, logger);
        _timers =
        [
            Every(time, GroupTick, groups.Tick),
            Every(time, options.RetentionInterval, () => data.Topics.Retain(time.GetUtcNow())),
        ];
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, <c>host:port</c>.</summary>
    public string BootstrapServers { get; }

    /// <summary>Opens the data, repairs what a killed broker left, and listens.</summary>
    /// <exception cref="BrokerStartException">An option is wrong, the folder is in use, or the port is.</exception>
    public static async Task<KafkaBrokerHost> StartAsync(
        BrokerOptions options,
        ILoggerFactory? loggers = null,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        loggers ??= NullLoggerFactory.Instance;
        var logger = loggers.CreateLogger<KafkaBrokerHost>();
        var data = new DataFolder(options.DataFolder, options.FlushToDisk, logger);
        try
        {
            var transport = new SocketTransportFactory(
                Options.Create(new SocketTransportOptions()),
                loggers
            );
            var listener = await transport.BindAsync(
                new IPEndPoint(IPAddress.Loopback, options.Port),
                cancellationToken
            );
            return new(options, data, listener, logger, time ?? TimeProvider.System);
        }
        catch (AddressInUseException inUse)
        {
            data.Dispose();
            throw new BrokerStartException($"Port {options.Port} is in use.", inUse);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>Takes no more requests, finishes those under way and closes the data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _listener.UnbindAsync();
        await _stopping.CancelAsync();
        await _accepting;
        try
        {
            await Task.WhenAll(_connections.Values).WaitAsync(Grace);
        }
        catch (TimeoutException)
        {
            foreach (var connection in _connections.Keys)
            {
                connection.Abort();
            }

            await Task.WhenAll(_connections.Values);
        }

        foreach (var timer in _timers)
        {
            await timer.DisposeAsync();
        }

        await _listener.DisposeAsync();
        _data.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync() is { } accepted)
        {
            var connection = new Connection(accepted, _apis, _maxRequestBytes, _logger);
            _connections[connection] = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        await Task.Yield();
        try
        {
            await connection.RunAsync(_stopping.Token);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    private ITimer Every(TimeProvider time, TimeSpan period, Action work) =>
        time.CreateTimer(
            _ =>
            {
                try
                {
                    work();
                }
                catch (Exception failure)
                {
                    Log.WorkFailed(_logger, failure);
                }
            },
            state: null,
            period,
            period
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Upkeep failed; it is tried again")]
        public static partial void WorkFailed(ILogger logger, Exception failure);
    }
}
