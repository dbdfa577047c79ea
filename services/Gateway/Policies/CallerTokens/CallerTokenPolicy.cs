using System.Runtime.CompilerServices;
using ApiSvc.Gateway.CallerTokens;
using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Policies.CallerTokens;

/// <summary>Tells the upstream who calls, signed.</summary>
/// <param name="signer">Signs.</param>
/// <param name="audience">Whom the token is for.</param>
internal sealed class CallerTokenPolicy(CallerTokenSigner signer, string audience) : IRequestPolicy
{
    // A signature costs as much as the rest of a call; who calls again within a minute is told by the same one. The entry goes with
    // the caller.
    private readonly ConditionalWeakTable<Caller, Signed> _tokens = [];

    public PolicyStage Stage => PolicyStage.Shaping;

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange)
    {
        var caller = exchange.Caller;
        if (!_tokens.TryGetValue(caller, out var signed) || !signed.Holds(exchange))
        {
            var (token, renewAt) = signer.Sign(exchange, audience);
            signed = new(token, renewAt, exchange.Subscription?.Id, caller.Standing?.Applications);
            _tokens.AddOrUpdate(caller, signed);
        }

        exchange.CallerToken = signed.Token;
        return new(Verdict.Continue);
    }

    private sealed record Signed(
        ReadOnlyMemory<byte> Token,
        DateTimeOffset RenewAt,
        Guid? Subscription,
        long? Applications
    )
    {
        public bool Holds(Exchange exchange) =>
            exchange.Now < RenewAt
            && Subscription == exchange.Subscription?.Id
            && Applications == exchange.Caller.Standing?.Applications;
    }
}
