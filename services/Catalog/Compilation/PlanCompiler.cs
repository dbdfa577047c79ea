using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Catalog.Compilation;

/// <summary>What the gateway has to know of a plan.</summary>
/// <param name="OperationIds">That it allows; empty: all.</param>
internal sealed record PlanContent(
    Guid PlanId,
    Guid TeamId,
    string Name,
    IReadOnlyList<PlanRate> Limits,
    IReadOnlyList<PlanCount> Quotas,
    IReadOnlyList<Guid> OperationIds
);

/// <param name="Rate">Requests per period; at least 1.</param>
/// <param name="Burst">Requests that may come at once above the rate; at least 1.</param>
internal sealed record PlanRate(ulong Rate, uint PeriodSeconds, ulong Burst);

/// <summary>Requests in a calendar window (UTC).</summary>
internal sealed record PlanCount(ulong Count, Quota.Types.Window Window);

/// <summary>Makes of a plan what the gateway enforces.</summary>
internal static class PlanCompiler
{
    public static CompiledResource Compile(PlanContent plan) =>
        new(
            ResourceKind.Plan,
            ResourceId.Of(plan.PlanId),
            new Plan
            {
                PlanId = ResourceId.InMessage(plan.PlanId),
                TeamId = ResourceId.InMessage(plan.TeamId),
                Name = plan.Name,
                Limits = { plan.Limits.Select(Limit) },
                Quotas = { plan.Quotas.Select(Quota) },
                OperationIds = { plan.OperationIds.Order().Select(ResourceId.InMessage) },
            },
            []
        );

    private static Limit Limit(PlanRate rate) =>
        new()
        {
            Rate = rate.Rate,
            Period = new Duration { Seconds = rate.PeriodSeconds },
            Burst = rate.Burst,
        };

    private static Quota Quota(PlanCount count) =>
        new() { Count = count.Count, Window = count.Window };
}
