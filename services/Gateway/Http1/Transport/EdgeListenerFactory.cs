using System.Net;
using System.Net.Sockets;
using ApiSvc.Gateway.Http1.Transport.Loops;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ApiSvc.Gateway.Http1.Transport;

/// <summary>
/// Listens at the server's addresses with connections that the engine can read without pipes in between.
/// </summary>
internal sealed class EdgeListenerFactory(EventLoops loops, ILoggerFactory loggers)
    : IConnectionListenerFactory,
        IConnectionListenerFactorySelector,
        IDisposable
{
    private const int Backlog = 1_024;

    private readonly SocketConnectionContextFactory _transports = new(
        // Continuations run where the bytes came in; handing them to another thread would cost more than they do.
        new SocketConnectionFactoryOptions { UnsafePreferInlineScheduling = true },
        loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets")
    );

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint,
        CancellationToken cancellationToken = default
    )
    {
        var address = (IPEndPoint)endpoint;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(address);
            socket.Listen(Backlog);
            return new(new EdgeListener(socket, _transports, loops));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(e.Message, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _transports.Dispose();
}
