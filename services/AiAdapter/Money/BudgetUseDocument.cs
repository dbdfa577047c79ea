namespace ApiSvc.AiAdapter.Money;

/// <summary>A cap as a list shows it: with what it has used.</summary>
internal sealed record BudgetListItem : BudgetDocument
{
    public BudgetListItem(BudgetDocument budget, BudgetUseDocument? use)
        : base(budget) => Use = use;

    /// <summary>Null for a kind that this build does not know: nothing is counted by it.</summary>
    public BudgetUseDocument? Use { get; }
}

/// <summary>What a budget has used of its window of now, as the ledger says.</summary>
/// <param name="Used">Tokens, or micro-units of the currency with their fractions.</param>
/// <param name="Reserved">What calls under way may come to, in the same unit; null while the counters are away, and without a hard limit.</param>
/// <param name="EndsAt">When it begins anew.</param>
/// <param name="SoftReachedAt">When its soft threshold was reached, if it was.</param>
internal sealed record BudgetUseDocument(
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    decimal Used,
    decimal? Reserved,
    long? Soft,
    long? Hard,
    DateTimeOffset? SoftReachedAt,
    DateTimeOffset? HardReachedAt
);
