namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>A permission that endpoints of the suite ask for.</summary>
/// <param name="Name">Object and verb: <c>apis.write</c>.</param>
/// <param name="Reach">
/// <see cref="RoleReach.Team"/>: it can be had in one team or everywhere. <see cref="RoleReach.Platform"/>: it is asked for
/// everywhere alone. <see cref="RoleReach.Service"/>: it is for the services of the suite alone.
/// </param>
/// <param name="Allows">What it allows, for people.</param>
public sealed record PermissionDefinition(string Name, RoleReach Reach, string Allows)
{
    /// <summary>Whether a role of that reach can be made of it.</summary>
    public bool IsFor(RoleReach role) =>
        Reach != RoleReach.Service && (role == RoleReach.Platform || Reach == RoleReach.Team);
}
