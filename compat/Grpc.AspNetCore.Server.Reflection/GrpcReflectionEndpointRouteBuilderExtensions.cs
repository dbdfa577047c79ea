using Grpc.Reflection;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves gRPC's server reflection.</summary>
public static class GrpcReflectionEndpointRouteBuilderExtensions
{
    /// <summary>Both versions of the protocol, v1 and v1alpha.</summary>
    public static IEndpointConventionBuilder MapGrpcReflectionService(
        this IEndpointRouteBuilder builder
    ) =>
        new BothVersions(
            builder.MapGrpcService<ReflectionV1ServiceImpl>(),
            builder.MapGrpcService<ReflectionServiceImpl>()
        );

    private sealed class BothVersions(
        IEndpointConventionBuilder v1,
        IEndpointConventionBuilder v1Alpha
    ) : IEndpointConventionBuilder
    {
        public void Add(Action<EndpointBuilder> convention)
        {
            v1.Add(convention);
            v1Alpha.Add(convention);
        }

        public void Finally(Action<EndpointBuilder> finallyConvention)
        {
            v1.Finally(finallyConvention);
            v1Alpha.Finally(finallyConvention);
        }
    }
}
