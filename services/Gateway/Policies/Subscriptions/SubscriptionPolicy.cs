using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;
using ApiSvc.Gateway.State;

namespace ApiSvc.Gateway.Policies.Subscriptions;

/// <summary>
/// Asks for an active subscription of the caller's application to this API, in a plan that the version is offered in and
/// that includes the operation.
/// </summary>
internal sealed class SubscriptionPolicy(IReadOnlySet<Guid> plans) : IRequestPolicy
{
    public PolicyStage Stage => PolicyStage.Subscription;

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange)
    {
        var problem = GatewayProblems.NoSubscription;
        var api = exchange.Api!;
        var configuration = exchange.State.Configuration;
        foreach (var subscription in configuration.SubscriptionsOf(exchange.Caller, api.ApiId))
        {
            if (
                !subscription.Covers(api.VersionId, exchange.Now)
                || !plans.Contains(subscription.PlanId)
                || configuration.Plan(subscription.PlanId) is not { } plan
            )
            {
                continue;
            }

            if (plan.Includes(exchange.Operation))
            {
                exchange.Subscription = subscription;
                return new(Verdict.Continue);
            }

            problem = GatewayProblems.OutsidePlan;
        }

        return new(Verdict.Of(problem));
    }
}
