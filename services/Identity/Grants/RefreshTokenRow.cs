using ApiSvc.Identity.Rules;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Grants;

/// <summary>A row of the table <c>refresh_tokens</c>, without the hash.</summary>
internal sealed record RefreshTokenRow(
    Guid GrantId,
    DateTime IssuedAt,
    DateTime ExpiresAt,
    DateTime? UsedAt
)
{
    public static Task<RefreshTokenRow?> FindAsync(
        NpgsqlConnection db,
        string text,
        bool isLocked = false
    ) =>
        db.QuerySingleOrDefaultAsync<RefreshTokenRow>(
            $"""
            select grant_id as grantId, issued_at as issuedAt, expires_at as expiresAt, used_at as usedAt
            from refresh_tokens where sha256 = @hash {(isLocked ? "for update" : "")}
            """,
            new { hash = GeneratedSecret.Hash(text) }
        );
}
