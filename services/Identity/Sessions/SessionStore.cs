using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Sessions;

/// <summary>
/// Begins and ends sessions. The commit is the caller's, and after an end the log's end before it
/// (<see cref="GatewayCredentials.CredentialLog.AppendAsync"/>).
/// </summary>
internal sealed class SessionStore(
    UnitOfWork work,
    GrantRevocation grants,
    IOptions<SessionOptions> options,
    UuidGenerator ids,
    TimeProvider time
)
{
    /// <summary>
    /// Begins one. Whoever was signed in at this browser is so no longer; the same user keeps the session, with what clients
    /// were given in it, under a new secret.
    /// </summary>
    /// <returns>What the browser has to keep.</returns>
    public async Task<string> StartAsync(
        HttpContext http,
        SignedInUser? before,
        Guid user,
        IReadOnlyList<string> methods,
        Actor actor
    )
    {
        if (before is not null && before.UserId != user)
        {
            await EndAsync(before.UserId, before.SessionId, actor);
        }

        var secret = GeneratedSecret.New();
        var id = before?.UserId == user ? before.SessionId : ids.Next();
        var now = time.Now();
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            """
            insert into sessions (id, sha256, user_id, methods, authenticated_at, created_at, seen_at, expires_at, address,
              browser)
            values (@id, @hash, @user, @methods, @now, @now, @now, @end, @address, @browser)
            on conflict (id) do update set sha256 = excluded.sha256, methods = excluded.methods,
              authenticated_at = excluded.authenticated_at, seen_at = excluded.seen_at, expires_at = excluded.expires_at,
              address = excluded.address, browser = excluded.browser, ended_at = null
            """,
            new
            {
                id,
                hash = GeneratedSecret.Hash(secret),
                user,
                methods = methods.ToArray(),
                now,
                end = now + options.Value.Lifetime,
                address = http.Connection.RemoteIpAddress?.ToString(),
                browser = BrowserName.Of(http.Request.Headers.UserAgent),
            }
        );
        work.AddAudit(
            actor.Did(
                "session.start",
                TokenUser.SidOf(id),
                team: null,
                after: new { User = new Id<UserKind>(user).ToString(), Methods = methods }
            )
        );
        return secret;
    }

    /// <summary>The user's, the last used first.</summary>
    public async Task<List<SessionRow>> ListAsync(Guid user)
    {
        var db = await work.OpenAsync();
        return (
            await db.QueryAsync<SessionRow>(
                $"select {SessionRow.Columns} from sessions s where s.user_id = @user and {SessionRow.IsLive} order by s.seen_at desc, s.id",
                new
                {
                    user,
                    now = time.Now(),
                    idle = time.Now() - options.Value.IdleLifetime,
                }
            )
        ).AsList();
    }

    /// <summary>Ends one of the user's; one that is not there is no error.</summary>
    public Task EndAsync(Guid user, Guid session, Actor actor) =>
        EndWhereAsync("id = @session", user, session, actor);

    /// <summary>Ends all of the user's.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="actor">Who ends them.</param>
    /// <param name="except">The one that goes on.</param>
    public Task EndAllAsync(Guid user, Actor actor, Guid? except = null) =>
        EndWhereAsync("id is distinct from @session", user, except, actor);

    private async Task EndWhereAsync(string which, Guid user, Guid? session, Actor actor)
    {
        var db = await work.OpenAsync();
        // Whoever gives a client something shares the lock, so that it is either ended here or sees that the session has ended.
        await db.ExecuteAsync("select from users where id = @user for no key update", new { user });
        var ended = await db.QueryAsync<Guid>(
            $"""
            update sessions set ended_at = @now where user_id = @user and {which} and ended_at is null returning id
            """,
            new
            {
                user,
                session,
                now = time.Now(),
            }
        );
        foreach (var id in ended.Order())
        {
            await grants.EndOfSessionAsync(id, actor);
            work.AddAudit(actor.Did("session.end", TokenUser.SidOf(id), team: null));
        }
    }
}
