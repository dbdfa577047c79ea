using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Policies.Limits;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Policies.Quotas;

/// <summary>A quota that was set on the API or the operation. After the limits: what they refuse uses none of it.</summary>
internal sealed class QuotaPolicy(QuotaRule rule, CountedBy countedBy, IRateCounters counters)
    : IRequestPolicy
{
    public PolicyStage Stage =>
        countedBy == CountedBy.Address ? PolicyStage.AddressLimit : PolicyStage.Quota;

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange) =>
        new(
            RateFields.Judge(
                exchange,
                counters.Take(rule, CounterKey.Of(rule.Key, countedBy, exchange), exchange.Now),
                GatewayProblems.QuotaExceeded
            )
        );
}

/// <summary>The quotas of the subscription's plan.</summary>
internal sealed class PlanQuotaPolicy(IRateCounters counters) : IRequestPolicy
{
    public PolicyStage Stage => PolicyStage.Quota;

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange)
    {
        if (
            exchange.Subscription is { } subscription
            && exchange.State.Configuration.Plan(subscription.PlanId) is { } plan
        )
        {
            foreach (var rule in plan.Quotas)
            {
                var key = CounterKey.Of(rule.Key, CountedBy.Subscription, exchange);
                var verdict = RateFields.Judge(
                    exchange,
                    counters.Take(rule, key, exchange.Now),
                    GatewayProblems.QuotaExceeded
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
