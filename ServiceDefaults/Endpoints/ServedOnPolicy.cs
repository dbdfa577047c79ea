using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>
/// Lets a route match only on the endpoints that it is served on, so that elsewhere it does not exist: management
/// paths are unknown outside <c>management</c>, REST outside <c>http</c>, gRPC outside <c>grpc</c>. A part of the
/// routing tree before the one that answers 405, which would admit that a path exists.
/// </summary>
internal sealed class ServedOnPolicy : MatcherPolicy, INodeBuilderPolicy, IEndpointComparerPolicy
{
    private static readonly ServedOn Rest = new([ServiceEndpoints.Http]);
    private static readonly ServedOn Grpc = new([ServiceEndpoints.Grpc]);

    // An in-memory connection came in on no endpoint: it is served everything.
    private static readonly object InMemory = new();

    // The framework's own policies for hosts and methods are at -100 and -1000.
    public override int Order => -2000;

    // Matters in memory, where "/" of management and "/" of the service both match: the service's own wins.
    public IComparer<Endpoint> Comparer { get; } =
        Comparer<Endpoint>.Create((a, b) => IsManagement(a).CompareTo(IsManagement(b)));

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Count > 0;

    public IReadOnlyList<PolicyNodeEdge> GetEdges(IReadOnlyList<Endpoint> endpoints) =>
        [
            new PolicyNodeEdge(InMemory, endpoints),
            .. endpoints
                .SelectMany(e => Of(e).Names.Select(name => (Name: name, Endpoint: e)))
                .GroupBy(e => e.Name, e => e.Endpoint)
                .Select(g => new PolicyNodeEdge(g.Key, [.. g])),
        ];

    public PolicyJumpTable BuildJumpTable(
        int exitDestination,
        IReadOnlyList<PolicyJumpTableEdge> edges
    ) =>
        new ByEndpoint(
            exitDestination,
            edges.First(e => e.State == InMemory).Destination,
            edges
                .Where(e => e.State is string)
                .ToDictionary(e => (string)e.State, e => e.Destination)
        );

    public static ServedOn Of(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<ServedOn>() ?? (GrpcRoutes.IsGrpc(endpoint) ? Grpc : Rest);

    private static bool IsManagement(Endpoint endpoint) =>
        Of(endpoint).Names.Contains(ServiceEndpoints.Management);

    private sealed class ByEndpoint(int exit, int inMemory, IReadOnlyDictionary<string, int> byName)
        : PolicyJumpTable
    {
        public override int GetDestination(HttpContext httpContext) =>
            httpContext.Features.Get<IServiceEndpointFeature>() is { } endpoint
                ? byName.GetValueOrDefault(endpoint.Name, exit)
                : inMemory;
    }
}
