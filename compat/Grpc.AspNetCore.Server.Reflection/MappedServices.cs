using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server.Reflection;

/// <summary>The descriptors of the services that the application's endpoints serve.</summary>
internal static class MappedServices
{
    public static (IReadOnlyList<string> Names, SymbolRegistry Symbols) Of(
        EndpointDataSource endpoints
    )
    {
        var services = endpoints
            .Endpoints.Select(endpoint =>
                endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType
            )
            .OfType<Type>()
            .Distinct()
            .Select(Descriptor)
            .OfType<ServiceDescriptor>()
            .ToArray();
        return (
            [.. services.Select(service => service.FullName).Distinct(StringComparer.Ordinal)],
            SymbolRegistry.FromFiles(services.Select(service => service.File))
        );
    }

    /// <summary>Generated code keeps it in a property beside the method that binds.</summary>
    private static ServiceDescriptor? Descriptor(Type service) =>
        service
            .GetCustomAttribute<BindServiceMethodAttribute>(inherit: true)
            ?.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)
            ?.GetValue(obj: null) as ServiceDescriptor;
}
