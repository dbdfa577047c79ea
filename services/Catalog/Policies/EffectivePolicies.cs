namespace ApiSvc.Catalog.Policies;

/// <summary>A policy with where it comes from.</summary>
/// <param name="Replaced">Levels that set one of the type too, which this one replaces; the widest first.</param>
internal sealed record EffectivePolicy(
    PolicyEntry Policy,
    PolicyLevel Level,
    IReadOnlyList<PolicyLevel> Replaced
);

/// <summary>What holds, of what the levels set.</summary>
internal static class EffectivePolicies
{
    /// <summary>By type in the order of <see cref="PolicyTypes.All"/>, in a type the widest level first.</summary>
    public static IReadOnlyList<EffectivePolicy> Of(
        IReadOnlyList<PolicyEntry> platform,
        IReadOnlyList<PolicyEntry> team,
        IReadOnlyList<PolicyEntry> version,
        IReadOnlyList<PolicyEntry> operation
    ) => throw new NotSupportedException();
}
