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
    )
    {
        var levels = new (PolicyLevel Level, IReadOnlyList<PolicyEntry> Entries)[]
        {
            (PolicyLevel.Platform, platform),
            (PolicyLevel.Team, team),
            (PolicyLevel.Version, version),
            (PolicyLevel.Operation, operation),
        };
        return [.. PolicyTypes.All.SelectMany(type => OfType(type, levels))];
    }

    private static IEnumerable<EffectivePolicy> OfType(
        PolicyType type,
        IEnumerable<(PolicyLevel Level, IReadOnlyList<PolicyEntry> Entries)> levels
    )
    {
        var set = levels
            .SelectMany(level =>
                level
                    .Entries.Where(entry => entry.Type == type.Name)
                    .Select(entry => (level.Level, Entry: entry))
            )
            .ToList();
        if (type.Combination == PolicyCombination.All || set.Count == 0)
        {
            return set.Select(policy => new EffectivePolicy(policy.Entry, policy.Level, []));
        }

        var narrowest = set[^1];
        return
        [
            new(
                narrowest.Entry,
                narrowest.Level,
                [.. set.SkipLast(1).Select(policy => policy.Level)]
            ),
        ];
    }
}
