using System.Net;
using ApiSvc.Gateway.Networks;

namespace ApiSvc.Gateway.Policies;

/// <summary>Reads lists of networks in resources.</summary>
internal static class ResourceNetworks
{
    /// <exception cref="RefusedResourceException">One of them is none.</exception>
    public static NetworkSet Read(IReadOnlyList<string> networks, string pointer)
    {
        foreach (var (index, network) in networks.Index())
        {
            if (!IPNetwork.TryParse(network, out _) && !IPAddress.TryParse(network, out _))
            {
                throw new RefusedResourceException(
                    $"{pointer}/{index}",
                    "It is no network (address/length)."
                );
            }
        }

        return NetworkSet.Parse(networks);
    }
}
