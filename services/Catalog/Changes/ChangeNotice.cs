using ApiSvc.Catalog.Apis;

namespace ApiSvc.Catalog.Changes;

/// <summary>What has changed.</summary>
internal enum ChangeKind
{
    Api,
    Version,
    ApiDeleted,
    VersionDeleted,
}

/// <summary>
/// A change as it is told between the catalog's processes. Of what still exists just the id: who is told reads it, with
/// the caller's rights. Of what is gone, who could have seen it.
/// </summary>
internal sealed record ChangeNotice
{
    /// <summary>The channel of Postgres's notifications.</summary>
    public const string Channel = "catalog_changes";

    public required ChangeKind Kind { get; init; }

    public required Guid Id { get; init; }

    public Guid Team { get; init; }

    public Visibility Visibility { get; init; }

    public Guid[] VisibleTo { get; init; } = [];

    /// <summary>Whether a version of it had ever been published: before that, it is its team's alone.</summary>
    public bool WasOffered { get; init; }

    public ChangeNotice WithOwner(ApiRow api) =>
        this with
        {
            Team = api.TeamId,
            Visibility = api.Visibility,
            VisibleTo = api.VisibleTo,
        };
}
