using System.Net;
using System.Net.Sockets;

namespace ApiSvc.Bench.Gateway.Processes;

/// <summary>Ports on loopback that nobody listens on.</summary>
internal static class FreePorts
{
    // Outgoing connections take theirs from 32768 on; a listener there would collide with them.
    private const int First = 20_000;
    private const int End = 32_000;

    private static int _next = First + (Environment.ProcessId % 1_000 * 10);

    public static int Next()
    {
        for (var tries = End - First; tries > 0; tries--)
        {
            var port = _next;
            _next = _next + 1 < End ? _next + 1 : First;
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new BenchException($"No port from {First} to {End} is free.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
