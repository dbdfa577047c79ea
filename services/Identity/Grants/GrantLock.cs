using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Grants;

/// <summary>Keeps a family from being ended while tokens are made for it.</summary>
internal static class GrantLock
{
    public static Task<GrantRow?> LockGrantAsync(this NpgsqlConnection db, Guid id) =>
        db.QuerySingleOrDefaultAsync<GrantRow>(
            $"select {GrantRow.Columns} from grants g where g.id = @id for update",
            new { id }
        );
}
