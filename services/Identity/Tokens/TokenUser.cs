using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Tokens;

/// <summary>The user that a token is for, as tokens tell of it.</summary>
/// <param name="PublicId">The <c>sub</c>.</param>
/// <param name="SessionId">The <c>sid</c>.</param>
/// <param name="Roles">The roles on the whole platform.</param>
/// <param name="Teams">Team id → roles in that team.</param>
internal sealed record TokenUser(
    string PublicId,
    string SessionId,
    IReadOnlyList<string> Roles,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Teams
)
{
    /// <summary>A session as tokens name it.</summary>
    public static string SidOf(Guid session) => session.ToString("N");

    /// <summary>Reads the user with its roles of now.</summary>
    public static async Task<TokenUser> ReadAsync(NpgsqlConnection db, Guid id, Guid session)
    {
        var roles = await db.ExecuteScalarAsync<string[]>(
            "select platform_roles from users where id = @id",
            new { id }
        );
        var teams = await db.QueryAsync<(Guid Team, string[] Roles)>(
            "select team_id, roles from members where user_id = @id order by team_id",
            new { id }
        );
        return new(
            new Id<UserKind>(id).ToString(),
            SidOf(session),
            roles ?? [],
            teams.ToDictionary(
                t => new Id<TeamKind>(t.Team).ToString(),
                IReadOnlyList<string> (t) => t.Roles
            )
        );
    }
}
