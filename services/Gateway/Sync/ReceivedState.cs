using ApiSvc.Contracts.Sync.V1;

namespace ApiSvc.Gateway.Sync;

/// <summary>A state to be applied, and how it comes from the one that is in force.</summary>
/// <param name="State">All resources.</param>
/// <param name="Changes">What led from the state in force to it; null: it replaces that whole.</param>
/// <param name="CommittedAt">When the generations in between were committed, where that was told.</param>
internal sealed record ReceivedState(
    ResourceSet State,
    IReadOnlyList<Change>? Changes,
    IReadOnlyList<DateTimeOffset> CommittedAt
)
{
    /// <summary>Both in one step.</summary>
    public ReceivedState Then(ReceivedState next) =>
        new(
            next.State,
            Changes is null || next.Changes is null ? null : [.. Changes, .. next.Changes],
            [.. CommittedAt, .. next.CommittedAt]
        );
}
