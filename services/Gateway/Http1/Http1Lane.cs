using System.Collections.Concurrent;
using ApiSvc.Gateway.Calls;
using ApiSvc.Gateway.Http1.Connections;
using ApiSvc.Gateway.Http1.Upstreams;
using ApiSvc.Gateway.Serving;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Http1;

/// <summary>
/// The gateway's own way of HTTP/1.1: what connections share, and the watch over those that take too long. docs/decisions/0012
/// has the reasons for it.
/// </summary>
internal sealed class Http1Lane : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private const int TicksPerReap = 10;

    private readonly ConcurrentDictionary<Http1Connection, byte> _connections = new();
    private readonly StripedStack<Http1Exchange> _exchanges = new(most: 128);
    private readonly Timer _timer;
    private int _ticks;

    public Http1Lane(
        Edge edge,
        UpstreamPools pools,
        IOptions<Http1Options> options,
        IOptions<EdgeOptions> limits
    )
    {
        Edge = edge;
        Pools = pools;
        Options = options.Value;
        MaxRequestBodyBytes = limits.Value.MaxRequestBodyBytes;
        IdleMilliseconds = (long)Options.IdleTimeout.TotalMilliseconds;
        HeadMilliseconds = (long)Options.HeadTimeout.TotalMilliseconds;
        _timer = new(static lane => ((Http1Lane)lane!).Check(), this, Tick, Tick);
    }

    public Edge Edge { get; }

    public UpstreamPools Pools { get; }

    public Http1Options Options { get; }

    public long MaxRequestBodyBytes { get; }

    public long IdleMilliseconds { get; }

    public long HeadMilliseconds { get; }

    /// <summary>Connections of clients that are open.</summary>
    public int Connections => _connections.Count;

    /// <summary>How long a client may take for so many bytes.</summary>
    public long PatienceFor(long bytes) =>
        (long)Options.MinRateGrace.TotalMilliseconds + (bytes * 1_000 / Options.MinRate);

    public Http1Exchange Rent() => _exchanges.TryPop() ?? new(this);

    public void Return(Http1Exchange exchange) => _exchanges.TryPush(exchange);

    /// <summary>Serves a connection.</summary>
    /// <returns>What of it the server's own HTTP is to serve; null where it is over.</returns>
    public async Task<Http1Connection?> RunAsync(ConnectionContext context, Stream stream)
    {
        var connection = new Http1Connection(this, context, stream);
        _connections[connection] = 0;
        var closing = context.ConnectionClosed.UnsafeRegister(
            static c => ((Http1Connection)c!).OnPeerGone(),
            connection
        );
        var draining = context
            .Features.Get<IConnectionLifetimeNotificationFeature>()
            ?.ConnectionClosedRequested.UnsafeRegister(
                static c => ((Http1Connection)c!).Drain(),
                connection
            );
        try
        {
            return await connection.RunAsync() ? connection : null;
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            await closing.DisposeAsync();
            if (draining is { } registered)
            {
                await registered.DisposeAsync();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var now = Environment.TickCount64;
        foreach (var (connection, _) in _connections)
        {
            connection.Check(now);
        }

        if (Interlocked.Increment(ref _ticks) % TicksPerReap == 0)
        {
            Pools.Reap();
        }
    }
}
