using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Text;
using ApiSvc.Gateway.State;
using ApiSvc.ServiceDefaults.Egress;

namespace ApiSvc.Gateway.Forwarding;

/// <summary>
/// The connections to upstreams. The handler keeps them apart by scheme, host and port, so that one serves all upstreams
/// with the same connect timeout, and a changed configuration costs no connection.
/// </summary>
internal sealed class UpstreamClients(EgressGuard guard) : IDisposable
{
    // Below what servers commonly wait before they close a connection that says nothing: a reused one is open.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<TimeSpan, HttpMessageInvoker> _guarded = new();
    private readonly HttpMessageInvoker _internal = new(
        Set(new SocketsHttpHandler(), UpstreamState.DefaultConnectTimeout)
    );

    public HttpMessageInvoker For(UpstreamState upstream) =>
        upstream.IsInternal
            ? _internal
            : _guarded.GetOrAdd(
                upstream.ConnectTimeout,
                timeout => new(Set(guard.CreateHandler(), timeout))
            );

    public void Dispose()
    {
        _internal.Dispose();
        foreach (var client in _guarded.Values)
        {
            client.Dispose();
        }
    }

    private static SocketsHttpHandler Set(SocketsHttpHandler handler, TimeSpan connectTimeout)
    {
        handler.UseProxy = false;
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.UseCookies = false;
        handler.EnableMultipleHttp2Connections = true;
        handler.ConnectTimeout = connectTimeout;
        handler.PooledConnectionIdleTimeout = IdleTimeout;
        handler.PooledConnectionLifetime = Lifetime;
        // The trace context is the gateway's to write; it does so itself.
        handler.ActivityHeadersPropagator = null;
        handler.RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1;
        handler.ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1;
        handler.SslOptions = new SslClientAuthenticationOptions();
        return handler;
    }
}
