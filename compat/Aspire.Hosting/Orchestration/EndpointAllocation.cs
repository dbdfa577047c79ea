using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Endpoints;

namespace Aspire.Hosting.Orchestration;

/// <summary>Decides where each replica listens, before anything is started.</summary>
internal static class EndpointAllocation
{
    public static void Allocate(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            // Clients of databases and brokers try every address of a name, and complain of those that are not served.
            var host = endpoint.IsHttp ? "localhost" : "127.0.0.1";
            var port = endpoint.Port ?? endpoint.TargetPort;
            endpoint.Allocated =
            [
                .. Enumerable
                    .Range(0, resource.Replicas())
                    .Select(_ => new AllocatedEndpoint(
                        endpoint,
                        host,
                        port ?? PortAllocator.Next()
                    )),
            ];
        }
    }

    /// <summary>Looks whether the resource could listen.</summary>
    /// <exception cref="DistributedApplicationException">A port is taken; the message names it.</exception>
    public static void Check(IResource resource, int replica)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            var port = endpoint.Allocated[replica].Port;
            if (endpoint.Port is not null && resource.Replicas() > 1)
            {
                throw new DistributedApplicationException(
                    $"The endpoint '{endpoint.Name}' of '{resource.Name}' has the fixed port {port}, which its {resource.Replicas()} replicas cannot share: leave the port out, or have one replica."
                );
            }

            if (!PortAllocator.IsFree(port))
            {
                throw new DistributedApplicationException(
                    $"Port {port} of the endpoint '{endpoint.Name}' of '{resource.Name}' is taken by another process. End that one (ss -ltnp 'sport = :{port}' shows it), or choose another port."
                );
            }
        }
    }
}
