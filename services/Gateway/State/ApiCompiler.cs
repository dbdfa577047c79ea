using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Policies;
using ApiSvc.Gateway.Problems;
using ApiSvc.Gateway.Routing;

namespace ApiSvc.Gateway.State;

/// <summary>Makes what answers calls from what the configuration says of a version of an API.</summary>
internal sealed class ApiCompiler(PolicyCompiler policies, UpstreamCompiler upstreams)
{
    /// <exception cref="RefusedResourceException">It cannot be applied.</exception>
    public ApiState Compile(Api api, ApiState? before)
    {
        var plain = Address(api);
        return api.Availability switch
        {
            Availability.Served => Serve(api, plain, before),
            Availability.Suspended => plain with { Standing = GatewayProblems.Suspended },
            Availability.Retired => plain with
            {
                Standing = GatewayProblems.Retired,
                StandingLink = Link(api),
            },
            _ => throw new RefusedResourceException(
                "/availability",
                "This build does not know whether calls are taken."
            ),
        };
    }

    /// <summary>What stands where a resource is set aside: its address, so that calls are not taken for another's.</summary>
    /// <returns>Null if not even its address can be read.</returns>
    public static ApiState? SetAside(Api api)
    {
        try
        {
            return Address(api) with { Standing = GatewayProblems.Quarantined };
        }
        catch (RefusedResourceException)
        {
            try
            {
                // Without a version to be chosen by: it answers where nobody else does.
                return Address(new Api(api) { VersionSelector = null }) with
                {
                    Standing = GatewayProblems.Quarantined,
                };
            }
            catch (RefusedResourceException)
            {
                return null;
            }
        }
    }

    private static ApiState Address(Api api)
    {
        var state = new ApiState
        {
            ApiId = ResourceIds.Read(api.ApiId, "/apiId"),
            VersionId = ResourceIds.Read(api.VersionId, "/versionId"),
            Host = api.Host,
            BasePath = api.BasePath,
            Choice = new(api.VersionSelector),
            Source = api,
        };
        return RouteTable<ApiState>.IsValid(state.Key)
            ? state
            : throw new RefusedResourceException("/basePath", "It is no host and base path.");
    }

    private ApiState Serve(Api api, ApiState plain, ApiState? before)
    {
        var known = upstreams.CompileAll(api, before);
        // Operations that no request can reach are left out: documents have them, and the Catalog reports them.
        return plain with
        {
            Operations = OperationTable<OperationState>.Create(
                api.Operations.Select(
                    (o, i) =>
                        new OperationEntry<OperationState>(
                            o.Method,
                            o.PathTemplate,
                            Operation(api, o, i, known)
                        )
                )
            ),
            OnlyOperations = api.OnlyOperations,
            Chain = policies.Compile(api, operation: null, 0, known),
            Upstreams = known,
        };
    }

    private OperationState Operation(
        Api api,
        Operation operation,
        int index,
        IReadOnlyList<UpstreamState> known
    ) =>
        new(
            ResourceIds.Read(operation.Id, $"/operations/{index}/id"),
            operation.OperationId.Length > 0
                ? operation.OperationId
                : $"{operation.Method} {operation.PathTemplate}",
            operation.PathTemplate,
            api.BasePath + operation.PathTemplate,
            policies.Compile(api, operation, index, known)
        );

    private static byte[] Link(Api api) =>
        Uri.TryCreate(api.DeprecationLink, UriKind.Absolute, out var link)
            ? Encoding.ASCII.GetBytes($"<{link.AbsoluteUri}>; rel=\"deprecation\"")
            : [];
}
