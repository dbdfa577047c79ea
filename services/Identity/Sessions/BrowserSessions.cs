using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Identity.Sessions;

/// <summary>Who is signed in, by the secret in a cookie.</summary>
internal sealed class BrowserSessions(
    NpgsqlDataSource database,
    IOptions<SessionOptions> options,
    TimeProvider time
) : ISignedIn, ISessionEnd
{
    public const string SignInPath = "/sign-in";

    private static readonly HostCookie Cookie = new("session");

    // Written no more often than this while it is used.
    private static readonly TimeSpan Exactness = TimeSpan.FromMinutes(1);

    /// <inheritdoc />
    public async ValueTask<SignedInUser?> FindAsync(
        HttpContext context,
        CancellationToken cancellationToken
    )
    {
        if (Cookie.Find(context) is not { Length: > 0 } secret)
        {
            return null;
        }

        var now = time.Now();
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var row = await db.QuerySingleOrDefaultAsync<SessionRow>(
            $"""
            select {SessionRow.Columns} from sessions s join users u on u.id = s.user_id
            where s.sha256 = @hash and {SessionRow.IsLive} and u.disabled_at is null
            """,
            new
            {
                hash = GeneratedSecret.Hash(secret),
                now,
                idle = now - options.Value.IdleLifetime,
            }
        );
        if (row is not null && now - row.SeenAt > Exactness)
        {
            await db.ExecuteAsync(
                "update sessions set seen_at = @now, address = @address where id = @Id",
                new
                {
                    row.Id,
                    now,
                    address = context.Connection.RemoteIpAddress?.ToString(),
                }
            );
        }

        return row?.ToUser();
    }

    /// <inheritdoc />
    public string SignInUrl(string returnPath) =>
        $"{SignInPath}?return={Uri.EscapeDataString(returnPath)}";

    /// <inheritdoc />
    public async Task EndAsync(
        HttpContext context,
        SignedInUser user,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await db.BeginTransactionAsync(cancellationToken);
        // Whoever gives a client something shares the lock: it is there to be ended, or sees that the session has ended.
        await db.ExecuteAsync("select from users where id = @UserId for no key update", user);
        await db.ExecuteAsync(
            "update sessions set ended_at = @now where id = @SessionId and ended_at is null",
            new { user.SessionId, now = time.Now() }
        );
        await transaction.CommitAsync(cancellationToken);
        Cookie.Delete(context);
    }

    /// <summary>Has the browser keep a session's secret until it is closed.</summary>
    public static void Keep(HttpContext context, string secret) => Cookie.Set(context, secret);

    public static void Forget(HttpContext context) => Cookie.Delete(context);
}
