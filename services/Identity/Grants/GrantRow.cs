using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;

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
