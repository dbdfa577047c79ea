namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>How the team that a REST endpoint acts on is found.</summary>
public abstract record Team
{
    private Team() { }

    /// <summary>No team: the caller must have the permission for the whole platform.</summary>
    public static Team Platform { get; } = new PlatformTeam();

    /// <summary>
    /// Any: the caller must have the permission in some team, and the handler shows only what
    /// <see cref="Caller.TeamsWith"/> includes.
    /// </summary>
    public static Team Any { get; } = new AnyTeam();

    /// <summary>The team is a route value, in its public form or as a UUID.</summary>
    public static Team FromRoute(string name) => new RouteTeam(name);

    /// <summary>The team that owns the object whose id is a route value.</summary>
    public static Team Of<TLookup>(string name)
        where TLookup : ITeamLookup => new OwnerTeam(typeof(TLookup), name);

    internal sealed record PlatformTeam : Team;

    internal sealed record AnyTeam : Team;

    internal sealed record RouteTeam(string Name) : Team;

    internal sealed record OwnerTeam(Type Lookup, string Name) : Team;
}
