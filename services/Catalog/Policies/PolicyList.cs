using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Catalog.Policies;

/// <summary>Policies of a level, or what is wrong with them.</summary>
internal sealed record PolicyList(
    IReadOnlyList<PolicyEntry> Entries,
    IReadOnlyList<Violation> Violations
)
{
    public bool IsValid => Violations.Count == 0;
}
