using Grpc.AspNetCore.HealthChecks;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves gRPC's health checking.</summary>
public static class GrpcHealthChecksEndpointRouteBuilderExtensions
{
    public static GrpcServiceEndpointConventionBuilder MapGrpcHealthChecksService(
        this IEndpointRouteBuilder builder
    ) => builder.MapGrpcService<ReportedHealth>();
}
