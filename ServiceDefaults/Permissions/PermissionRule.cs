using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>What a caller gets to see of an attempt.</summary>
internal enum PermissionOutcome
{
    /// <summary>Go on.</summary>
    Allowed,

    /// <summary>The object may be known, the act is not permitted.</summary>
    Forbidden,

    /// <summary>There is nothing, or nothing that the caller may know of: the two look the same.</summary>
    NotFound,
}

/// <summary>The one rule by which REST and gRPC decide.</summary>
internal static class PermissionRule
{
    public static PermissionOutcome ForPlatform(Caller caller, string permission) =>
        caller.Can(permission) ? PermissionOutcome.Allowed : PermissionOutcome.Forbidden;

    public static PermissionOutcome ForAny(Caller caller, string permission) =>
        caller.TeamsWith(permission).IsEmpty
            ? PermissionOutcome.Forbidden
            : PermissionOutcome.Allowed;

    public static PermissionOutcome ForTeam(Caller caller, string permission, string? team) =>
        Id<TeamKind>.TryParse(team, out var id)
            ? ForOwned(caller, permission, new Ownership(id.Value, IsVisible: false))
            : PermissionOutcome.NotFound;

    public static PermissionOutcome ForOwned(Caller caller, string permission, Ownership? owned) =>
        owned switch
        {
            null => PermissionOutcome.NotFound,
            { } o when caller.Can(permission, o.Team) => PermissionOutcome.Allowed,
            { } o when o.IsVisible || caller.Knows(o.Team) => PermissionOutcome.Forbidden,
            _ => PermissionOutcome.NotFound,
        };

    public static async ValueTask<PermissionOutcome> ForObjectAsync(
        Caller caller,
        string permission,
        ITeamLookup lookup,
        string? id,
        CancellationToken cancellationToken
    ) =>
        ForOwned(
            caller,
            permission,
            string.IsNullOrEmpty(id) ? null : await lookup.FindAsync(id, caller, cancellationToken)
        );
}
