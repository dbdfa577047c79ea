using System.Collections.Frozen;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>All teams, or some. In SQL: <c>where @all or team_id = any(@teams)</c>.</summary>
public sealed class TeamScope
{
    private TeamScope(bool isAll, FrozenSet<Guid> teams)
    {
        IsAll = isAll;
        Teams = teams;
    }

    /// <summary>Every team.</summary>
    public static TeamScope All { get; } = new(isAll: true, FrozenSet<Guid>.Empty);

    /// <summary>Whether every team is meant; <see cref="Teams"/> is empty then.</summary>
    public bool IsAll { get; }

    /// <summary>The teams meant, where not all are.</summary>
    public FrozenSet<Guid> Teams { get; }

    /// <summary>Whether no team is meant.</summary>
    public bool IsEmpty => !IsAll && Teams.Count == 0;

    /// <summary>These teams.</summary>
    public static TeamScope Only(IEnumerable<Guid> teams) => new(isAll: false, teams.ToFrozenSet());

    /// <summary>Whether the team is meant.</summary>
    public bool Includes(Guid team) => IsAll || Teams.Contains(team);
}
