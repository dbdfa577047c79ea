namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Where a role holds.</summary>
public enum RoleReach
{
    /// <summary>Everywhere.</summary>
    Platform,

    /// <summary>In one team.</summary>
    Team,

    /// <summary>Everywhere, for the services of the suite.</summary>
    Service,
}

/// <summary>A role that every installation has.</summary>
/// <param name="Name">As in tokens.</param>
/// <param name="Reach">Where it holds.</param>
/// <param name="Permissions">What it permits.</param>
public sealed record BuiltInRole(string Name, RoleReach Reach, IReadOnlyList<string> Permissions);

/// <summary>
/// The roles that every installation has. Services decide by them until Identity is reached for the first time, so
/// that they work without it; Identity's table, which starts as these, holds from then on.
/// </summary>
public static class BuiltInRoles
{
    /// <summary>The role of the suite's services.</summary>
    public const string Service = "service";

    private static readonly string[] TeamReads =
    [
        "ai.budgets.read",
        "ai.read",
        "alerts.read",
        "analytics.read",
        "apis.read",
        "applications.read",
        "calls.read",
        "credentials.read",
        "deployments.read",
        "members.read",
        "plans.read",
        "policies.read",
        "roles.read",
        "subscriptions.read",
        "teams.read",
    ];

    private static readonly string[] AllReads =
    [
        .. TeamReads,
        "audit.read",
        "base-paths.read",
        "nodes.read",
        "signing-keys.read",
        "users.read",
    ];

    private static readonly string[] TeamWrites =
    [
        "ai.budgets.write",
        "ai.write",
        "alerts.write",
        "apis.write",
        "applications.write",
        "credentials.write",
        "deployments.write",
        "members.write",
        "plans.write",
        "policies.write",
        "subscriptions.approve",
        "subscriptions.request",
        "teams.write",
        "versions.transition",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BuiltInRole> All { get; } =
    [
        new("admin", RoleReach.Platform, [RoleTable.Everything]),
        new(
            "operator",
            RoleReach.Platform,
            [
                .. AllReads,
                "policies.write",
                "platform-policies.write",
                "base-paths.approve",
                "signing-keys.write",
            ]
        ),
        new("auditor", RoleReach.Platform, AllReads),
        new("owner", RoleReach.Team, [.. TeamReads, .. TeamWrites, "audit.read"]),
        new(
            "publisher",
            RoleReach.Team,
            [
                "ai.budgets.read",
                "ai.budgets.write",
                "ai.read",
                "ai.write",
                "alerts.read",
                "alerts.write",
                "analytics.read",
                "apis.read",
                "apis.write",
                "calls.read",
                "deployments.read",
                "deployments.write",
                "members.read",
                "plans.read",
                "plans.write",
                "policies.read",
                "policies.write",
                "roles.read",
                "subscriptions.approve",
                "subscriptions.read",
                "teams.read",
                "versions.transition",
            ]
        ),
        new(
            "consumer",
            RoleReach.Team,
            [
                "ai.budgets.read",
                "ai.budgets.write",
                "alerts.read",
                "alerts.write",
                "analytics.read",
                "apis.read",
                "applications.read",
                "applications.write",
                "calls.read",
                "credentials.read",
                "credentials.write",
                "members.read",
                "plans.read",
                "roles.read",
                "subscriptions.read",
                "subscriptions.request",
                "teams.read",
            ]
        ),
        new("viewer", RoleReach.Team, TeamReads),
        new(
            Service,
            RoleReach.Service,
            [
                .. AllReads,
                "applications.lookup",
                "credentials.watch",
                "emails.send",
                "gateway-config.watch",
                "roles.watch",
            ]
        ),
    ];

    /// <summary>Their table.</summary>
    public static RoleTable Table { get; } =
        new(
            All.Select(r => KeyValuePair.Create(r.Name, (IReadOnlyCollection<string>)r.Permissions))
        );
}
