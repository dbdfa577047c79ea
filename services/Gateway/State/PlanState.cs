using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Policies.Limits;
using ApiSvc.Gateway.Policies.Quotas;

namespace ApiSvc.Gateway.State;

/// <summary>A plan with its limits, each counted per subscription.</summary>
internal sealed class PlanState
{
    private readonly HashSet<Guid>? _operations;

    public PlanState(Plan body)
    {
        Id = ResourceIds.Read(body.PlanId, "/planId");
        _operations =
            body.OperationIds.Count == 0
                ? null
                : ResourceIds.ReadAll(body.OperationIds, "/operationIds");
        Limits =
        [
            .. body.Limits.Select(
                (l, i) => LimitRule.Of(l, "plan", $"/limits/{i}", Id, $"limit {i}")
            ),
        ];
        Quotas =
        [
            .. body.Quotas.Select(
                (q, i) => QuotaRule.Of(q, "plan", $"/quotas/{i}", Id, $"quota {i}")
            ),
        ];
    }

    public Guid Id { get; }

    public LimitRule[] Limits { get; }

    public QuotaRule[] Quotas { get; }

    /// <summary>Whether the plan includes the operation; calls outside of all operations only where it names none.</summary>
    public bool Includes(OperationState? operation) =>
        _operations is null || (operation is not null && _operations.Contains(operation.Id));
}
