using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Roles;

/// <summary>The version of the role table, which grows with each change.</summary>
internal static class RoleTableHead
{
    public const string Channel = "identity_role_table";

    /// <summary>Takes the next version, and tells every instance when the transaction commits.</summary>
    public static Task AdvanceAsync(NpgsqlConnection db) =>
        db.ExecuteAsync(
            "update role_table_head set version = version + 1; select pg_notify(@Channel, '')",
            new { Channel }
        );

    /// <summary>Tells those who follow the table that the signing keys have changed, when the transaction commits.</summary>
    public static Task TellOfKeysAsync(NpgsqlConnection db) =>
        db.ExecuteAsync(
            "update role_table_head set signing_keys_version = signing_keys_version + 1; select pg_notify(@Channel, '')",
            new { Channel }
        );
}
