using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Preconditions;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Plans;

/// <summary>Plans in the contract's messages.</summary>
internal static class PlanMessages
{
#pragma warning disable CA1308 // Windows are small letters in the contract.
    public static V1.Plan ToMessage(this PlanRow row)
    {
        var plan = row.ToDocument();
        return new()
        {
            Id = row.PublicId,
            TeamId = plan.TeamId.ToString(),
            Name = plan.Name,
            Description = plan.Description,
            Limits =
            {
                plan.Limits.Select(l => new V1.PlanLimit
                {
                    Rate = (ulong)l.Rate,
                    PeriodSeconds = (uint)l.PeriodSeconds,
                    Burst = (ulong)(l.Burst ?? l.Rate),
                }),
            },
            Quotas =
            {
                plan.Quotas.Select(q => new V1.PlanQuota
                {
                    Count = (ulong)q.Count,
                    Window = q.Window.ToString().ToLowerInvariant(),
                }),
            },
            Approval = (V1.Approval)(int)plan.Approval,
            Price = plan.Price is { } price
                ? new()
                {
                    Currency = price.Currency,
                    MicroUnitsPerMonth = price.MicroUnitsPerMonth,
                    Tiers =
                    {
                        price.Tiers.Select(t => new V1.PriceTier
                        {
                            UpToCalls = (ulong)t.UpToCalls,
                            MicroUnitsPerMillionCalls = t.MicroUnitsPerMillionCalls,
                        }),
                    },
                }
                : null,
            Etag = EntityTag.From(row.Version).ToString(),
        };
    }
#pragma warning restore CA1308

    /// <param name="before">What a message cannot say and therefore keeps.</param>
    public static PlanInput ToInput(this V1.Plan plan, PlanRow? before) =>
        new()
        {
            Name = plan.Name,
            Description = plan.Description,
            Limits =
            [
                .. plan.Limits.Select(l => new PlanLimit
                {
                    Rate = Clamp(l.Rate),
                    PeriodSeconds = (int)Math.Min(l.PeriodSeconds, int.MaxValue),
                    Burst = l.Burst == 0 ? null : Clamp(l.Burst),
                }),
            ],
            Quotas =
            [
                .. plan.Quotas.Select(q => new PlanQuota
                {
                    Count = Clamp(q.Count),
                    // What is none of the names is 0, which the rules refuse.
                    Window = Enum.GetValues<PlanWindow>()
                        .FirstOrDefault(w =>
                            w.ToString().Equals(q.Window, StringComparison.OrdinalIgnoreCase)
                        ),
                }),
            ],
            OperationIds = before is null
                ? []
                : [.. before.OperationIds.Select(o => new Id<OperationKind>(o))],
            Approval =
                plan.Approval == V1.Approval.Unspecified
                    ? Approval.Manual
                    : (Approval)(int)plan.Approval,
            Price = plan.Price is { } price
                ? new()
                {
                    Currency = price.Currency,
                    MicroUnitsPerMonth = price.MicroUnitsPerMonth,
                    Tiers =
                    [
                        .. price.Tiers.Select(t => new PlanTier
                        {
                            UpToCalls = Clamp(t.UpToCalls),
                            MicroUnitsPerMillionCalls = t.MicroUnitsPerMillionCalls,
                        }),
                    ],
                }
                : null,
        };

    private static long Clamp(ulong value) => (long)Math.Min(value, long.MaxValue);
}
