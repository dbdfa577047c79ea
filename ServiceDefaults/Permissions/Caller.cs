using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>What kind of party a caller is.</summary>
public enum CallerKind
{
    /// <summary>No credentials were given.</summary>
    Anonymous,

    /// <summary>A person, signed in.</summary>
    User,

    /// <summary>A program with an OAuth client of its own.</summary>
    Client,

    /// <summary>Another service of the suite.</summary>
    Service,

    /// <summary>This service itself, in a background job.</summary>
    System,
}

/// <summary>Who makes the current call, as its access token says.</summary>
public sealed record Caller
{
    /// <summary>Nobody known.</summary>
    public static Caller Anonymous { get; } =
        new() { Kind = CallerKind.Anonymous, Subject = "anonymous" };

    /// <summary>What kind of party this is.</summary>
    public required CallerKind Kind { get; init; }

    /// <summary>The token's <c>sub</c>: the public id of a user or client, or the name of a service.</summary>
    public required string Subject { get; init; }

    /// <summary>The OAuth client through which the call came, if any.</summary>
    public string? ClientId { get; init; }

    /// <summary>Roles that hold for the whole platform.</summary>
    public IReadOnlySet<string> PlatformRoles { get; init; } = new HashSet<string>();

    /// <summary>Team id → roles in that team.</summary>
    public IReadOnlyDictionary<Guid, IReadOnlySet<string>> TeamRoles { get; init; } =
        new Dictionary<Guid, IReadOnlySet<string>>();

    /// <summary>What the roles permitted when the call came in.</summary>
    public RoleTable Table { get; init; } = RoleTable.Empty;

    /// <summary>Whether the caller has the permission for the whole platform.</summary>
    public bool Can(string permission) =>
        Kind == CallerKind.System || PlatformRoles.Any(role => Table.Grants(role, permission));

    /// <summary>Whether the caller has the permission for what belongs to the team.</summary>
    public bool Can(string permission, Guid team) =>
        Can(permission)
        || (
            TeamRoles.TryGetValue(team, out var roles)
            && roles.Any(role => Table.Grants(role, permission))
        );

    /// <summary>For which teams the caller has the permission: what a list is filtered by.</summary>
    public TeamScope TeamsWith(string permission) =>
        Can(permission)
            ? TeamScope.All
            : TeamScope.Only(TeamRoles.Keys.Where(team => Can(permission, team)));

    /// <summary>Whether what belongs to the team may be known to the caller: it is a member, or of the platform's own people.</summary>
    public bool Knows(Guid team) =>
        Kind == CallerKind.System || PlatformRoles.Count > 0 || TeamRoles.ContainsKey(team);

    /// <summary>Makes the caller a parameter of route handlers.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => new(context.GetCaller());

    /// <summary>The caller of a background job of this service.</summary>
    public static Caller System(string service) =>
        new() { Kind = CallerKind.System, Subject = service };
}
