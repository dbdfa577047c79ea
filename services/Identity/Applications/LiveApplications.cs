using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Applications;

/// <summary>Applications for which something may be made.</summary>
internal static class LiveApplications
{
    /// <summary>Keeps the application, and its team, from being deleted until the transaction ends.</summary>
    /// <returns>The team; null if the application, or its team, is not there or not any more.</returns>
    public static Task<Guid?> LockLiveApplicationAsync(this NpgsqlConnection db, Guid id) =>
        db.ExecuteScalarAsync<Guid?>(
            """
            select a.team_id from applications a join teams t on t.id = a.team_id
            where a.id = @id and a.deleted_at is null for share
            """,
            new { id }
        );
}
