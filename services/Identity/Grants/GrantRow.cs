using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Grants;

/// <summary>A row of the table <c>grants</c>: what a user gave a client at one time, with all that comes of it.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record GrantRow(
    Guid Id,
    string ClientId,
    Guid? TeamId,
    Guid UserId,
    Guid SessionId,
    string[] Scopes,
    DateTime AuthenticatedAt,
    string[] Methods,
    DateTime CreatedAt,
    DateTime ExpiresAt,
    DateTime? RevokedAt
)
{
    /// <summary>Of <c>grants g</c>.</summary>
    public const string Columns = """
        g.id, g.client_id as clientId, g.team_id as teamId, g.user_id as userId, g.session_id as sessionId, g.scopes,
        g.authenticated_at as authenticatedAt, g.methods, g.created_at as createdAt, g.expires_at as expiresAt,
        g.revoked_at as revokedAt
        """;

    /// <param name="db">Where.</param>
    /// <param name="id">Which.</param>
    /// <param name="isLocked">Whether it is kept from being ended while tokens are made for it.</param>
    public static Task<GrantRow?> FindAsync(NpgsqlConnection db, Guid id, bool isLocked = false) =>
        db.QuerySingleOrDefaultAsync<GrantRow>(
            $"select {Columns} from grants g where g.id = @id {(isLocked ? "for update" : "")}",
            new { id }
        );

    public string PublicId => new Id<GrantKind>(Id).ToString();

    public string PublicUserId => new Id<UserKind>(UserId).ToString();

    /// <summary>What the user gave and the client may still ask for.</summary>
    public string[] ScopesFor(IssuerClient client) =>
        [.. Scopes.Where(s => IdentityScopes.All.Contains(s) || client.Scopes.Contains(s))];

    /// <summary>As the audit log has it.</summary>
    public object ToDocument() =>
        new
        {
            ClientId,
            User = PublicUserId,
            Scopes,
            ExpiresAt,
            RevokedAt,
        };
}

/// <summary>What a user gave a client.</summary>
internal sealed class GrantKind : IIdKind
{
    public static string Prefix => "grant";
}
