using System.Net;
using System.Net.Sockets;

namespace ApiSvc.Testing;

/// <summary>A port of the loopback interface that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>Free at this moment.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
