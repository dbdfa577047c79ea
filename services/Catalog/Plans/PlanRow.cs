using System.ComponentModel.DataAnnotations;
using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Catalog.Plans;

/// <summary>How a subscription becomes active; numbered as in the contract.</summary>
internal enum Approval
{
    Automatic = 1,
    Manual = 2,
}

/// <summary>A calendar window, UTC; numbered as in the gateway's configuration.</summary>
internal enum PlanWindow
{
    Minute = 1,
    Hour = 2,
    Day = 3,
    Week = 4,
    Month = 5,
}

/// <summary>Requests per period of seconds, with a burst above it.</summary>
internal sealed record PlanLimit
{
    [Range(1, 1_000_000_000)]
    public required long Rate { get; init; }

    [Range(1, 86_400)]
    public int PeriodSeconds { get; init; } = 1;

    /// <summary>Requests that may come at once; the rate unless given.</summary>
    [Range(1, 1_000_000_000)]
    public long? Burst { get; init; }
}

/// <summary>Requests in a calendar window.</summary>
internal sealed record PlanQuota
{
    [Range(1, 1_000_000_000_000)]
    public required long Count { get; init; }

    public required PlanWindow Window { get; init; }
}

/// <summary>What calls cost.</summary>
internal sealed record PlanPrice
{
    [RegularExpression(
        "^[A-Z]{3}$",
        ErrorMessage = "Must be a currency's three letters (ISO 4217)."
    )]
    public required string Currency { get; init; }

    /// <summary>Integer micro-units of the currency.</summary>
    [Range(0, long.MaxValue)]
    public long MicroUnitsPerMonth { get; init; }

    /// <summary>In order; the last without end.</summary>
    [MaxLength(20)]
    public IReadOnlyList<PlanTier> Tiers { get; init; } = [];
}

/// <summary>The price up to a number of calls in the month.</summary>
internal sealed record PlanTier
{
    /// <summary>0: without end.</summary>
    [Range(0, long.MaxValue)]
    public required long UpToCalls { get; init; }

    /// <summary>Integer micro-units of the currency per million calls.</summary>
    [Range(0, long.MaxValue)]
    public required long MicroUnitsPerMillionCalls { get; init; }
}

/// <summary>A plan as it is given.</summary>
internal sealed record PlanInput : IValidatableObject
{
    [StringLength(200, MinimumLength = 1)]
    public required string Name { get; init; }

    [StringLength(10_000)]
    public string Description { get; init; } = "";

    [MaxLength(10)]
    public IReadOnlyList<PlanLimit> Limits { get; init; } = [];

    [MaxLength(10)]
    public IReadOnlyList<PlanQuota> Quotas { get; init; } = [];

    /// <summary>Operations that it allows; none: all.</summary>
    [MaxLength(1000)]
    public IReadOnlyList<Id<OperationKind>> OperationIds { get; init; } = [];

    public Approval Approval { get; init; } = Approval.Manual;

    public PlanPrice? Price { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Messages are not read rule by rule at every depth, as bodies are.
        if (
            Limits.Any(l =>
                l.Rate is < 1 or > 1_000_000_000
                || l.PeriodSeconds is < 1 or > 86_400
                || l.Burst is < 1 or > 1_000_000_000
            )
        )
        {
            yield return new(
                "A limit has a rate and a burst of 1 to a billion, and a period of 1 second to a day.",
                [nameof(Limits)]
            );
        }

        if (Quotas.Any(q => q.Count is < 1 or > 1_000_000_000_000 || !Enum.IsDefined(q.Window)))
        {
            yield return new(
                "A quota has a count of 1 to a trillion, in a minute, hour, day, week or month.",
                [nameof(Quotas)]
            );
        }

        if (!Enum.IsDefined(Approval))
        {
            yield return new("There is no such approval.", [nameof(Approval)]);
        }

        if (Price is { } price && FindFault(price) is { } wrong)
        {
            yield return new(wrong, [nameof(Price)]);
        }
    }

    private static string? FindFault(PlanPrice price)
    {
        if (price.Currency.Length != 3 || price.Currency.Any(c => !char.IsAsciiLetterUpper(c)))
        {
            return "The currency has three capital letters (ISO 4217).";
        }

        if (
            price.MicroUnitsPerMonth < 0
            || price.Tiers.Any(t => t.UpToCalls < 0 || t.MicroUnitsPerMillionCalls < 0)
        )
        {
            return "Nothing in it is negative.";
        }

        for (var i = 0; i < price.Tiers.Count; i++)
        {
            var end = price.Tiers[i].UpToCalls;
            var isLast = i == price.Tiers.Count - 1;
            if (isLast != (end == 0) || (i > 0 && !isLast && end <= price.Tiers[i - 1].UpToCalls))
            {
                return "Tiers are in order, and only the last is without end.";
            }
        }

        return null;
    }
}

/// <summary>A plan as it is shown.</summary>
internal sealed record PlanDocument(
    Id<PlanKind> Id,
    Id<TeamKind> TeamId,
    string Name,
    string Description,
    IReadOnlyList<PlanLimit> Limits,
    IReadOnlyList<PlanQuota> Quotas,
    IReadOnlyList<Id<OperationKind>> OperationIds,
    Approval Approval,
    PlanPrice? Price,
    DateTimeOffset CreatedAt
);

/// <summary>A row of the table <c>plan</c>.</summary>
internal sealed record PlanRow
{
    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public string Limits { get; init; } = "[]";

    public string Quotas { get; init; } = "[]";

    public Guid[] OperationIds { get; init; } = [];

    public Approval Approval { get; init; }

    public string? Price { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => new Id<PlanKind>(Id).ToString();

    private IReadOnlyList<PlanLimit> LimitList => Stored.Read<IReadOnlyList<PlanLimit>>(Limits);

    private IReadOnlyList<PlanQuota> QuotaList => Stored.Read<IReadOnlyList<PlanQuota>>(Quotas);

    public PlanRow With(PlanInput input) =>
        this with
        {
            Name = input.Name,
            Description = input.Description,
            Limits = Stored.Write(input.Limits.Select(l => l with { Burst = l.Burst ?? l.Rate })),
            Quotas = Stored.Write(input.Quotas),
            OperationIds = [.. input.OperationIds.Select(o => o.Value).Distinct()],
            Approval = input.Approval,
            Price = input.Price is null ? null : Stored.Write(input.Price),
        };

    public object Parameters =>
        new
        {
            Id,
            TeamId,
            Name,
            Description,
            Limits,
            Quotas,
            OperationIds,
            Approval = Approval.ToString(),
            Price,
            Version,
            CreatedAt,
        };

    public PlanDocument ToDocument() =>
        new(
            new(Id),
            new(TeamId),
            Name,
            Description,
            LimitList,
            QuotaList,
            [.. OperationIds.Select(o => new Id<OperationKind>(o))],
            Approval,
            Price is null ? null : Stored.Read<PlanPrice>(Price),
            CreatedAt
        );

    public PlanContent ToContent() =>
        new(
            Id,
            TeamId,
            Name,
            [
                .. LimitList.Select(l => new PlanRate(
                    (ulong)l.Rate,
                    (uint)l.PeriodSeconds,
                    (ulong)(l.Burst ?? l.Rate)
                )),
            ],
            [
                .. QuotaList.Select(q => new PlanCount(
                    (ulong)q.Count,
                    (Quota.Types.Window)(int)q.Window
                )),
            ],
            OperationIds
        );
}
