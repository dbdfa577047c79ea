using System.Net;

namespace ApiSvc.ServiceDefaults.Egress;

/// <summary>Finds the addresses of a host name.</summary>
public interface IHostResolver
{
    /// <summary>All addresses, best first.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name has none, or none could be found out.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

internal sealed class SystemHostResolver : IHostResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        Dns.GetHostAddressesAsync(host, cancellationToken);
}
