using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>The role table in force.</summary>
public interface IRoleTable
{
    /// <summary>The newest table.</summary>
    RoleTable Current { get; }
}

/// <summary>Holds the role table: at first the configured or the built-in one, then what Identity streams.</summary>
public sealed class RoleTableState(IOptions<PermissionOptions> options) : IRoleTable
{
    private RoleTable _current =
        options.Value.Roles.Count == 0
            ? BuiltInRoles.Table
            : new(
                options.Value.Roles.Select(r =>
                    KeyValuePair.Create(r.Key, (IReadOnlyCollection<string>)r.Value)
                )
            );

    /// <inheritdoc />
    public RoleTable Current => Volatile.Read(ref _current);

    /// <summary>Puts a new table in force, for calls that come in from now on.</summary>
    public void Replace(RoleTable table) => Volatile.Write(ref _current, table);
}
