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

    // To the first address of the name that answers.
    private async ValueTask<Socket> ConnectAsync(
        SocketConnect open,
        CancellationToken cancellationToken
    )
    {
        var addresses = await Dns.GetHostAddressesAsync(_endPoint.Host, cancellationToken);
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
            };
            try
            {
                await open(socket, new(addresses[i], _endPoint.Port), cancellationToken);
                return socket;
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
