using Microsoft.AspNetCore.Routing;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>The routes that frameworks map without a way to declare anything on them; open to every caller.</summary>
internal static class FrameworkRoutes
{
    private static readonly string[] Prefixes =
    [
        // gRPC health checking and reflection: no data of the suite.
        "/grpc.health.v1.Health/",
        "/grpc.reflection.v1alpha.ServerReflection/",
        "/grpc.reflection.v1.ServerReflection/",
        // The answers UNIMPLEMENTED for services and methods that do not exist.
        "{unimplementedService}/",
    ];

    public static bool Contains(RouteEndpoint endpoint)
    {
        var route = endpoint.RoutePattern.RawText ?? "";
        return endpoint.DisplayName?.StartsWith("gRPC - Unimplemented ", StringComparison.Ordinal)
                == true
            || Prefixes.Any(p => route.StartsWith(p, StringComparison.Ordinal));
    }
}
