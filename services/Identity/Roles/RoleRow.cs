using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Permissions;
using Dapper;
using Npgsql;
using TableMessage = ApiSvc.Contracts.Identity.V1.RoleTable;

namespace ApiSvc.Identity.Roles;

/// <summary>A row of the table <c>roles</c>.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record RoleRow(
    string Name,
    string Reach,
    string[] Permissions,
    bool BuiltIn,
    string Description = "",
    long Version = 1
)
{
    private const string Select =
        "select name, reach, permissions, built_in as builtIn, description, version from roles";

    public RoleReach ReachValue => Enum.Parse<RoleReach>(Reach, ignoreCase: true);

    public RoleDocument ToDocument() => new(Name, ReachValue, Permissions, BuiltIn, Description);

    public Role ToMessage() =>
        new()
        {
            Name = Name,
            Scope = ReachValue.ToScope(),
            Permissions = { Permissions },
            BuiltIn = BuiltIn,
            Description = Description,
            Etag = MessageEtag.Of(Version),
        };

    /// <summary>The table in force, with its version.</summary>
    public static async Task<TableMessage> ReadTableAsync(NpgsqlConnection db)
    {
        // The version first: a change in between gives newer roles than it says, and another version follows.
        var (version, keys) = await db.QuerySingleAsync<(long, long)>(
            "select version, signing_keys_version from role_table_head"
        );
        var rows = await ReadAsync(db);
        return new()
        {
            Version = (ulong)version,
            SigningKeysVersion = (ulong)keys,
            Roles = { rows.Select(r => r.ToMessage()) },
        };
    }

    public static async Task<List<RoleRow>> ReadAsync(NpgsqlConnection db)
    {
        var rows = await db.QueryAsync<RoleRow>($"{Select} order by name");
        return rows.AsList();
    }

    /// <summary>Reads one, and keeps others from changing it if it is locked.</summary>
    public static Task<RoleRow?> FindAsync(
        NpgsqlConnection db,
        string name,
        bool isLocked = false
    ) =>
        db.QuerySingleOrDefaultAsync<RoleRow>(
            $"{Select} where name = @name{(isLocked ? " for update" : "")}",
            new { name }
        );

    /// <summary>Reads those of these names, and keeps them from being changed or deleted before the transaction ends.</summary>
    public static async Task<List<RoleRow>> HoldAsync(
        NpgsqlConnection db,
        IReadOnlyCollection<string> names
    )
    {
        var rows = await db.QueryAsync<RoleRow>(
            $"{Select} where name = any(@names) order by name for share",
            new { names = names.ToArray() }
        );
        return rows.AsList();
    }
}

/// <summary>A role as it is shown.</summary>
internal sealed record RoleDocument(
    string Name,
    RoleReach Reach,
    IReadOnlyList<string> Permissions,
    bool BuiltIn,
    string Description
);

/// <summary>Where roles and permissions hold, in messages.</summary>
internal static class RoleScopes
{
    public static RoleScope ToScope(this RoleReach reach) =>
        reach switch
        {
            RoleReach.Platform => RoleScope.Platform,
            RoleReach.Team => RoleScope.Team,
            _ => RoleScope.Service,
        };

    /// <returns>Null if it does not say.</returns>
    public static RoleReach? ToReach(this RoleScope scope) =>
        scope switch
        {
            RoleScope.Platform => RoleReach.Platform,
            RoleScope.Team => RoleReach.Team,
            RoleScope.Service => RoleReach.Service,
            _ => null,
        };
}
