using ApiSvc.Contracts.GatewayConfig.V1;

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
    public static CompiledResource Compile(PlanContent plan) => throw new NotSupportedException();
}
