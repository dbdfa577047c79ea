using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>Tells the routes of gRPC methods from others.</summary>
internal static class GrpcRoutes
{
    /// <summary>Whether the route is a gRPC method, or the answer for methods and services that do not exist.</summary>
    public static bool IsGrpc(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null
        || IsUnimplemented(endpoint);

    /// <summary>Whether the route is the answer UNIMPLEMENTED; it has no metadata of its own.</summary>
    public static bool IsUnimplemented(Endpoint endpoint) =>
        endpoint.DisplayName?.StartsWith("gRPC - Unimplemented", StringComparison.Ordinal) == true;
}
