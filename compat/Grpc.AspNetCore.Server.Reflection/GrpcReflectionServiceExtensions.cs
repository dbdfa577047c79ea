using Grpc.AspNetCore.Server.Reflection;
using Grpc.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds gRPC's server reflection.</summary>
public static class GrpcReflectionServiceExtensions
{
    public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        // Made at the first call, when all services are mapped.
        services.TryAddSingleton(provider =>
        {
            var (names, symbols) = MappedServices.Of(
                provider.GetRequiredService<EndpointDataSource>()
            );
            return new ReflectionServiceImpl(names, symbols);
        });
        services.TryAddSingleton(provider =>
        {
            var (names, symbols) = MappedServices.Of(
                provider.GetRequiredService<EndpointDataSource>()
            );
            return new ReflectionV1ServiceImpl(names, symbols);
        });
        return services;
    }
}
