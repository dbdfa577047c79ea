using System.Net;
using System.Net.Sockets;

namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>Connects a socket to that address and no other.</summary>
/// <exception cref="SocketException">It was not accepted.</exception>
/// <exception cref="OperationCanceledException">It took too long.</exception>
public delegate ValueTask SocketConnect(
    Socket socket,
    IPEndPoint address,
    CancellationToken cancellationToken
);

/// <summary>Connecting to one of several addresses.</summary>
public static class SocketConnectExtensions
{
    /// <summary>Connects a new socket to the first address that accepts.</summary>
    /// <param name="connect">How.</param>
    /// <param name="addresses">At least one.</param>
    /// <param name="port">The port at each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SocketException">None accepted; what the last one said.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async ValueTask<Socket> ToFirstAsync(
        this SocketConnect connect,
        IReadOnlyList<IPAddress> addresses,
        int port,
        CancellationToken cancellationToken
    )
    {
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
            };
            try
            {
                await connect(socket, new(addresses[i], port), cancellationToken);
                return socket;
            }
            catch (SocketException) when (i + 1 < addresses.Count)
            {
                // The next address may answer; the last one's failure is the caller's.
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
