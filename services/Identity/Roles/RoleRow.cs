using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Permissions;
using Dapper;
using Npgsql;
using TableMessage = ApiSvc.Contracts.Identity.V1.RoleTable;

namespace ApiSvc.Identity.Roles;

/// <summary>A row of the table <c>roles</c>.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record RoleRow(string Name, string Reach, string[] Permissions, bool BuiltIn)
{
    public RoleDocument ToDocument() =>
        new(Name, Enum.Parse<RoleReach>(Reach, ignoreCase: true), Permissions, BuiltIn);

    public Role ToMessage() =>
        new()
        {
            Name = Name,
            Scope = Enum.Parse<RoleReach>(Reach, ignoreCase: true) switch
            {
                RoleReach.Platform => RoleScope.Platform,
                RoleReach.Team => RoleScope.Team,
                _ => RoleScope.Service,
            },
            Permissions = { Permissions },
            BuiltIn = BuiltIn,
        };

    /// <summary>The table in force, with its version.</summary>
    public static async Task<TableMessage> ReadTableAsync(NpgsqlConnection db)
    {
        // The version first: a change in between gives newer roles than it says, and another version follows.
        var version = await db.ExecuteScalarAsync<long>("select version from role_table_head");
        var rows = await ReadAsync(db);
        return new() { Version = (ulong)version, Roles = { rows.Select(r => r.ToMessage()) } };
    }

    public static async Task<List<RoleRow>> ReadAsync(NpgsqlConnection db)
    {
        var rows = await db.QueryAsync<RoleRow>(
            "select name, reach, permissions, built_in as builtIn from roles order by name"
        );
        return rows.AsList();
    }
}

/// <summary>A role as it is shown.</summary>
internal sealed record RoleDocument(
    string Name,
    RoleReach Reach,
    IReadOnlyList<string> Permissions,
    bool BuiltIn
);
