using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.State;

namespace ApiSvc.Gateway.Policies.Upstreams;

/// <summary>Chooses which of the version's upstreams is called.</summary>
internal sealed class UpstreamPolicy : IRequestPolicy
{
    private readonly UpstreamState _upstream;

    private UpstreamPolicy(UpstreamState upstream) => _upstream = upstream;

    public PolicyStage Stage => PolicyStage.Shaping;

    /// <exception cref="RefusedResourceException">The version has no upstream of that name.</exception>
    public static UpstreamPolicy Of(
        UpstreamSettings settings,
        IReadOnlyList<UpstreamState> upstreams
    ) =>
        new(
            upstreams.FirstOrDefault(u => u.Name == settings.Name)
                ?? throw new RefusedResourceException(
                    "/name",
                    $"There is no upstream '{settings.Name}'."
                )
        );

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange)
    {
        exchange.Upstream = _upstream;
        return new(Verdict.Continue);
    }
}
