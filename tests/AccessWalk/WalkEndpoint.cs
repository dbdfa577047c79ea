using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;

namespace ApiSvc.AccessWalk;

/// <summary>An endpoint of a management API.</summary>
/// <param name="Name"><c>GET /v1/apis/{apiId}</c>, or <c>apisvc.catalog.v1.Apis/GetApi</c>.</param>
/// <param name="Method">Of gRPC; null for REST.</param>
internal sealed record WalkEndpoint(string Name, IMethod? Method)
{
    private static readonly string[] Reads = ["Get", "List", "Watch"];

    public bool IsRead =>
        Method is null
            ? Name.StartsWith("GET ", StringComparison.Ordinal)
            : Reads.Any(r => Method.Name.StartsWith(r, StringComparison.Ordinal));

    public bool IsStream => Method is { Type: not MethodType.Unary };

    /// <summary>The endpoints as they are mapped; those beside the management APIs by name only.</summary>
    public static (List<WalkEndpoint> Walked, List<string> Beside) Of(EndpointDataSource endpoints)
    {
        var walked = new List<WalkEndpoint>();
        var beside = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>())
        {
            var path = endpoint.RoutePattern.RawText!;
            var method = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
            if (method is not null && path.StartsWith("/apisvc.", StringComparison.Ordinal))
            {
                walked.Add(new(method.FullName.TrimStart('/'), method));
            }
            else if (path.StartsWith("/v1/", StringComparison.Ordinal))
            {
                walked.AddRange(
                    MethodsOf(endpoint)
                        .Select(m => new WalkEndpoint($"{m} {path.TrimEnd('/')}", null))
                );
            }
            else
            {
                beside.UnionWith(MethodsOf(endpoint).Select(m => $"{m} {path}"));
            }
        }

        return (walked, [.. beside]);
    }

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["any"];
}
