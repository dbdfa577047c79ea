using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Networks;
using ApiSvc.Gateway.Problems;
using Google.Protobuf.Collections;

namespace ApiSvc.Gateway.Policies.IpRules;

/// <summary>Refuses calls by the client's address: denied ones always, and all others where some are allowed.</summary>
internal sealed class IpRulesPolicy(NetworkSet? allow, NetworkSet? deny) : IRequestPolicy
{
    public PolicyStage Stage => PolicyStage.Address;

    public static IpRulesPolicy Of(IpRulesSettings settings) =>
        new(Networks(settings.Allow, "/allow"), Networks(settings.Deny, "/deny"));

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange)
    {
        var address = exchange.ClientAddress;
        var refused =
            deny?.Contains(address) == true || (allow is not null && !allow.Contains(address));
        return new(refused ? Verdict.Of(GatewayProblems.AddressNotAllowed) : Verdict.Continue);
    }

    private static NetworkSet? Networks(RepeatedField<string> networks, string pointer) =>
        networks.Count == 0 ? null : ResourceNetworks.Read(networks, pointer);
}
