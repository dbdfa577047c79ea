using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Policies;
using ApiSvc.Gateway.Routing;

namespace ApiSvc.Gateway.State;

/// <summary>A version of an API as it is served, or why it is not.</summary>
internal sealed record ApiState
{
    public required Guid ApiId { get; init; }

    public required Guid VersionId { get; init; }

    public required string Host { get; init; }

    public required string BasePath { get; init; }

    public required VersionChoice Choice { get; init; }

    /// <summary>What every call is answered with: suspended, retired, quarantined; null where calls are taken.</summary>
    public Answer? Standing { get; init; }

    /// <summary>Field of the standing answer: where to go on.</summary>
    public ReadOnlyMemory<byte> StandingLink { get; init; }

    public OperationTable<OperationState> Operations { get; init; } =
        OperationTable<OperationState>.Create([]);

    public bool OnlyOperations { get; init; }

    /// <summary>For calls outside of the operations.</summary>
    public PolicyChain Chain { get; init; } = PolicyChain.Empty;

    /// <summary>What calls go to; the first, unless a policy chooses another.</summary>
    public IReadOnlyList<UpstreamState> Upstreams { get; init; } = [];

    /// <summary>The resource that this was made from, to see what changed.</summary>
    public Api? Source { get; init; }

    /// <summary>Its place in the route table.</summary>
    public RouteKey Key => new(Host, BasePath, VersionId);

    /// <summary>The same address, answering that its configuration could not be applied.</summary>
    public ApiState SetAside() =>
        new()
        {
            ApiId = ApiId,
            VersionId = VersionId,
            Host = Host,
            BasePath = BasePath,
            Choice = Choice,
            Standing = Problems.GatewayProblems.Quarantined,
        };

    /// <summary>The methods that the operations at the call's path have, as in <c>Allow</c>; empty if there are none.</summary>
    public string MethodsAt(Exchange exchange)
    {
        var room = exchange.PathValues.Take(Operations.MaxParameters);
        // No operation has a method without a name, so that all are looked at.
        Operations.TryMatch(""u8, exchange.PathBelowBase.Span, room, out var match);
        return match.Methods == 0 ? "" : Operations.Allow(match.Methods);
    }
}
