using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Catalog.Compilation;

/// <summary>An active subscription; what is not active is not compiled, but deleted from the log.</summary>
/// <param name="VersionIds">That it holds for; empty: all that the plan is offered in.</param>
internal sealed record SubscriptionContent(
    Guid SubscriptionId,
    Guid ApplicationId,
    Guid ApiId,
    Guid PlanId,
    IReadOnlyList<Guid> VersionIds,
    DateTimeOffset? ExpiresAt
);

/// <summary>Makes of a subscription what the gateway asks.</summary>
internal static class SubscriptionCompiler
{
    public static CompiledResource Compile(SubscriptionContent subscription) =>
        new(
            ResourceKind.Subscription,
            ResourceId.Of(subscription.SubscriptionId),
            new Subscription
            {
                SubscriptionId = ResourceId.InMessage(subscription.SubscriptionId),
                ApplicationId = ResourceId.InMessage(subscription.ApplicationId),
                ApiId = ResourceId.InMessage(subscription.ApiId),
                PlanId = ResourceId.InMessage(subscription.PlanId),
                VersionIds = { subscription.VersionIds.Order().Select(ResourceId.InMessage) },
                ExpiresAt = subscription.ExpiresAt is { } at
                    ? Timestamp.FromDateTimeOffset(at)
                    : null,
            },
            []
        );
}
