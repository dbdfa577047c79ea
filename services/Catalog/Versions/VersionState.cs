namespace ApiSvc.Catalog.Versions;

/// <summary>Where a version is in its life; numbered as in the contract.</summary>
internal enum VersionState
{
    Draft = 1,
    InReview = 2,
    Approved = 3,
    Published = 4,
    Deprecated = 5,
    Retired = 6,
    Suspended = 7,
}

/// <summary>A step that a version can take.</summary>
internal sealed record VersionTransition(VersionState From, VersionState To);

/// <summary>The whole table of a version's states: what is not here is not possible.</summary>
internal static class VersionTransitions
{
    public static IReadOnlyList<VersionTransition> All { get; } =
    [
        // Submitted for review.
        new(VersionState.Draft, VersionState.InReview),
        // Changes are requested, before or after the approval.
        new(VersionState.InReview, VersionState.Draft),
        new(VersionState.Approved, VersionState.Draft),
        new(VersionState.InReview, VersionState.Approved),
        new(VersionState.Approved, VersionState.Published),
        new(VersionState.Published, VersionState.Suspended),
        new(VersionState.Suspended, VersionState.Published),
        new(VersionState.Published, VersionState.Deprecated),
        new(VersionState.Deprecated, VersionState.Retired),
    ];

    public static IReadOnlyList<VersionState> From(VersionState state) =>
        [.. All.Where(t => t.From == state).Select(t => t.To)];

    public static bool Allows(VersionState from, VersionState to) =>
        All.Contains(new VersionTransition(from, to));
}
