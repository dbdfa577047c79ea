using Dapper;

namespace ApiSvc.Identity.Sessions;

/// <summary>A row of the table <c>sessions</c>, without the secret's hash.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record SessionRow(
    Guid Id,
    Guid UserId,
    string[] Methods,
    DateTime AuthenticatedAt,
    DateTime CreatedAt,
    DateTime SeenAt,
    string? Address,
    string Browser
)
{
    /// <summary>Of <c>sessions s</c>.</summary>
    public const string Columns = """
        s.id, s.user_id as userId, s.methods, s.authenticated_at as authenticatedAt, s.created_at as createdAt,
        s.seen_at as seenAt, s.address, s.browser
        """;

    /// <summary>Neither ended nor too old: of <c>sessions s</c> with <c>@now</c> and <c>@idle</c>.</summary>
    public const string IsLive = "s.ended_at is null and s.expires_at > @now and s.seen_at > @idle";

    public SignedInUser ToUser() =>
        new(UserId, Id, new DateTimeOffset(AuthenticatedAt), [.. Methods]);
}
