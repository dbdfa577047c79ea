using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Policies.Authentication;

/// <summary>Whoever it is.</summary>
internal sealed class AnonymousMethod : IAuthenticationMethod
{
    public byte[]? Challenge => null;

    public byte[]? RefusedChallenge => null;

    public bool IsCarriedBy(Exchange exchange) => true;

    public ValueTask<Problem?> AuthenticateAsync(Exchange exchange)
    {
        exchange.Caller = Caller.Anonymous;
        return new((Problem?)null);
    }
}
