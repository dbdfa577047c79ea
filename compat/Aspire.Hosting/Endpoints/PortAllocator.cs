using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Endpoints;

/// <summary>
/// Finds free loopback ports below the range that the system takes for outgoing connections, so that none of those
/// takes the port before the resource listens on it.
/// </summary>
internal static class PortAllocator
{
    private const int First = 15_000;
    private const int AfterLast = 32_000;
    private const int Attempts = 1_000;

    private static readonly HashSet<int> Taken = [];
    private static readonly Lock Gate = new();

    /// <summary>A port that nothing listens on, and that no other call in this process has been given.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = Random.Shared.Next(First, AfterLast);
            lock (Gate)
            {
                if (Taken.Add(port) && IsFree(port))
                {
                    return port;
                }
            }
        }

        throw new DistributedApplicationException(
            $"No free port between {First} and {AfterLast} on the loopback interface."
        );
    }

    /// <summary>Whether a server could listen on the port.</summary>
    public static bool IsFree(int port) =>
        CanBind(IPAddress.Loopback, port)
        && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    private static bool CanBind(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // No such interface: then nothing listens there.
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
