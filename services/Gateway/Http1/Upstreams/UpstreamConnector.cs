using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ApiSvc.Gateway.State;
using ApiSvc.ServiceDefaults.Egress;

namespace ApiSvc.Gateway.Http1.Upstreams;

/// <summary>Opens connections to one address: to the suite's own services directly, to all others past the egress guard.</summary>
internal sealed class UpstreamConnector(Uri origin, bool isInternal, EgressGuard guard)
{
    private readonly DnsEndPoint _endPoint = new(origin.IdnHost.Trim('[', ']'), origin.Port);
    private readonly SslClientAuthenticationOptions? _tls =
        origin.Scheme == Uri.UriSchemeHttps
            ? new()
            {
                TargetHost = origin.IdnHost,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
            }
            : null;

    /// <exception cref="SocketException">It cannot be reached.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">It is not who it says it is.</exception>
    /// <exception cref="EgressBlockedException">It may not be called.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async ValueTask<UpstreamConnection> ConnectAsync(
        UpstreamPool pool,
        UpstreamState upstream,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(upstream.ConnectTimeout);
        var socket = isInternal
            ? await ConnectAsync(limit.Token)
            : await guard.ConnectAsync(_endPoint, limit.Token);
        try
        {
            socket.NoDelay = true;
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (_tls is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(_tls, limit.Token);
                stream = tls;
            }

            return new(pool, socket, stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(_endPoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
