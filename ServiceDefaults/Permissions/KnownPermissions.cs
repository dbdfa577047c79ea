using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>The permissions that there are: all that an endpoint may ask for, and all that a role may be made of.</summary>
public static class KnownPermissions
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<PermissionDefinition> All { get; } =
    [
        InTeam("ai.budgets.read", "See budgets of tokens and money, and what was spent"),
        InTeam("ai.budgets.write", "Make, change and delete budgets of tokens and money"),
        InTeam("ai.read", "See connections to model providers, less their keys, and models"),
        InTeam(
            "ai.write",
            "Make, change and delete connections to model providers, their keys, and models"
        ),
        InTeam("alerts.read", "See alert rules, and what they raised"),
        InTeam(
            "alerts.write",
            "Make, change and delete alert rules, and acknowledge what they raised"
        ),
        InTeam("analytics.read", "Ask for numbers of calls"),
        InTeam("apis.read", "See APIs with their versions and documents"),
        InTeam("apis.write", "Make, change and delete APIs and their versions"),
        Inside("applications.lookup", "Find the team of any application"),
        InTeam("applications.read", "See applications"),
        InTeam("applications.write", "Make, change and delete applications"),
        InTeam("audit.read", "Search in who did what"),
        Everywhere("base-paths.approve", "Decide about the paths under which APIs are published"),
        Everywhere("base-paths.read", "See under which paths APIs are published"),
        Everywhere("calls.erase", "Erase the records of an application's calls"),
        InTeam("calls.read", "See and export records of calls"),
        InTeam(
            "credentials.read",
            "See API keys and OAuth clients of applications, less their secrets"
        ),
        Inside("credentials.watch", "Follow the credentials that gateways decide by"),
        InTeam(
            "credentials.write",
            "Make, change and revoke API keys and OAuth clients of applications"
        ),
        InTeam("deployments.read", "See what is deployed where"),
        InTeam("deployments.write", "Deploy, roll back and withdraw versions"),
        Inside("emails.send", "Have e-mail sent"),
        Inside("gateway-config.watch", "Follow the configuration of gateways"),
        InTeam("members.read", "See members of teams and clients of teams"),
        InTeam("members.write", "Add and remove members of teams and clients of teams"),
        Everywhere("nodes.read", "See gateways and what they have applied"),
        InTeam("plans.read", "See plans"),
        InTeam("plans.write", "Make, change and delete plans"),
        Everywhere("platform-policies.write", "Set the policies that hold for all APIs"),
        InTeam("policies.read", "See policies"),
        InTeam("policies.write", "Set policies of APIs"),
        InTeam("roles.read", "See roles and the permissions that there are"),
        Inside("roles.watch", "Follow the role table"),
        Everywhere("roles.write", "Make, change and delete roles"),
        Everywhere(
            "signing-keys.read",
            "See the keys that tokens are signed with, their public halves"
        ),
        Everywhere("signing-keys.write", "Bring in new signing keys and put old ones out of use"),
        InTeam("subscriptions.approve", "Decide about subscriptions to a team's APIs"),
        InTeam("subscriptions.read", "See subscriptions"),
        InTeam("subscriptions.request", "Ask for subscriptions, and cancel them"),
        Everywhere("teams.create", "Make teams"),
        InTeam("teams.read", "See teams"),
        InTeam("teams.write", "Change and delete teams"),
        Everywhere("users.read", "See users"),
        Everywhere("users.write", "Make, change and delete users"),
        InTeam("versions.transition", "Move versions on in their life"),
    ];

    /// <summary>Finds one by its name.</summary>
    public static PermissionDefinition? Find(string name) =>
        All.FirstOrDefault(p => p.Name == name);

    /// <summary>The endpoints that ask for a permission that is not on the list: no role but the administrator's would have it.</summary>
    public static IEnumerable<string> FindUnknown(IEnumerable<Endpoint> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints
            .OfType<RouteEndpoint>()
            .SelectMany(e =>
                e.Metadata.GetOrderedMetadata<IPermissionDeclaration>()
                    .Select(NameIn)
                    .OfType<string>()
                    .Where(name => Find(name) is null)
                    .Select(name =>
                        $"{e.DisplayName}: '{name}' is not in {nameof(KnownPermissions)}"
                    )
            );
    }

    private static string? NameIn(IPermissionDeclaration declaration) =>
        declaration switch
        {
            PermissionDeclaration rest => rest.Permission,
            RequirePermissionAttribute grpc => grpc.Permission,
            _ => null,
        };

    private static PermissionDefinition InTeam(string name, string allows) =>
        new(name, RoleReach.Team, allows);

    private static PermissionDefinition Everywhere(string name, string allows) =>
        new(name, RoleReach.Platform, allows);

    private static PermissionDefinition Inside(string name, string allows) =>
        new(name, RoleReach.Service, allows);
}
