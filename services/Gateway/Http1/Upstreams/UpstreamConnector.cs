using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ApiSvc.Gateway.Http1.Transport.Loops;
using ApiSvc.Gateway.State;
using ApiSvc.ServiceDefaults.Egress;

namespace ApiSvc.Gateway.Http1.Upstreams;

/// <summary>Opens connections to one address: to the suite's own services directly, to all others past the egress guard.</summary>
internal sealed class UpstreamConnector(
    Uri origin,
    bool isInternal,
    EgressGuard guard,
    EventLoops loops
)
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
        Stream? stream = null;
        async ValueTask Open(Socket socket, IPEndPoint address, CancellationToken token) =>
            stream = await loops.ConnectAsync(socket, address, token);
        var socket = isInternal
            ? await ConnectAsync(Open, limit.Token)
            : await guard.ConnectAsync(_endPoint, Open, limit.Token);
        try
        {
            if (_tls is not null)
            {
                var tls = new SslStream(stream!);
                await tls.AuthenticateAsClientAsync(_tls, limit.Token);
                stream = tls;
            }

            return new(pool, socket, stream!);
        }
        catch
        {
            stream?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<Socket> ConnectAsync(
        SocketConnect open,
        CancellationToken cancellationToken
    ) =>
        await open.ToFirstAsync(
            await Dns.GetHostAddressesAsync(_endPoint.Host, cancellationToken),
            _endPoint.Port,
            cancellationToken
        );
}
