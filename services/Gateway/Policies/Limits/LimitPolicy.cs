using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Policies.Limits;

/// <summary>A limit that was set on the API or the operation.</summary>
internal sealed class LimitPolicy(LimitRule rule, CountedBy countedBy, IRateCounters counters)
    : IRequestPolicy
{
    // An address is known before anybody is, so that guessing credentials is limited too.
    public PolicyStage Stage =>
        countedBy == CountedBy.Address ? PolicyStage.AddressLimit : PolicyStage.Limit;

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange) =>
        new(
            RateFields.Judge(
                exchange,
                counters.Take(rule, CounterKey.Of(rule.Key, countedBy, exchange), exchange.Now),
                GatewayProblems.LimitExceeded
            )
        );
}

/// <summary>The limits of the subscription's plan.</summary>
internal sealed class PlanLimitPolicy(IRateCounters counters) : IRequestPolicy
{
    public PolicyStage Stage => PolicyStage.Limit;

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange)
    {
        if (
            exchange.Subscription is { } subscription
            && exchange.State.Configuration.Plan(subscription.PlanId) is { } plan
        )
        {
            foreach (var rule in plan.Limits)
            {
                var key = CounterKey.Of(rule.Key, CountedBy.Subscription, exchange);
                var verdict = RateFields.Judge(
                    exchange,
                    counters.Take(rule, key, exchange.Now),
                    GatewayProblems.LimitExceeded
                );
                if (verdict.Answer is not null)
                {
                    return new(verdict);
                }
            }
        }

        return new(Verdict.Continue);
    }
}
