using System.Collections.Frozen;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>What each role permits. Immutable; a new one replaces it whole.</summary>
public sealed class RoleTable
{
    /// <summary>Stands for every permission.</summary>
    public const string Everything = "*";

    private readonly FrozenDictionary<string, FrozenSet<string>> _roles;

    /// <param name="roles">Role → permissions.</param>
    public RoleTable(IEnumerable<KeyValuePair<string, IReadOnlyCollection<string>>> roles) =>
        _roles = roles.ToFrozenDictionary(r => r.Key, r => r.Value.ToFrozenSet());

    /// <summary>No role permits anything.</summary>
    public static RoleTable Empty { get; } = new([]);

    /// <summary>The roles there are.</summary>
    public IReadOnlyCollection<string> Roles => _roles.Keys;

    /// <summary>Whether the role permits it. A role that is not in the table permits nothing.</summary>
    public bool Grants(string role, string permission) =>
        _roles.TryGetValue(role, out var permissions)
        && (permissions.Contains(permission) || permissions.Contains(Everything));
}
