using ApiSvc.Identity.Changes;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Dapper;

namespace ApiSvc.Identity.Grants;

/// <summary>Ends what users gave, with all codes and tokens that came of it.</summary>
internal sealed class GrantRevocation(UnitOfWork work, CredentialLog log, TimeProvider time)
{
    /// <summary>Ends one, and commits; one that has ended stays as it is.</summary>
    /// <param name="grant">Which.</param>
    /// <param name="reason">Why, for the audit log: <c>code-reused</c>.</param>
    /// <param name="actor">Who.</param>
    public async Task RevokeAsync(GrantRow grant, string reason, Actor actor)
    {
        await EndAsync("g.id = @id", new { id = grant.Id, now = time.Now() }, reason, actor);
        await log.AppendAsync();
        await work.CommitAsync();
    }

    /// <summary>Ends what was given in a session for as long as it lasts. The log's end and the commit are the caller's.</summary>
    public Task EndOfSessionAsync(Guid session, Actor actor) =>
        EndAsync(
            "g.session_id = @session and not @offline = any(g.scopes)",
            new
            {
                session,
                offline = IdentityScopes.OfflineAccess,
                now = time.Now(),
            },
            "session-ended",
            actor
        );

    /// <summary>Ends all that a client was given. The log's end and the commit are the caller's.</summary>
    public Task EndOfClientAsync(string clientId, Actor actor) =>
        EndAsync(
            "g.client_id = @clientId",
            new { clientId, now = time.Now() },
            "client-tokens-revoked",
            actor
        );

    /// <summary>Ends all that a user gave. The log's end and the commit are the caller's.</summary>
    /// <param name="user">Who.</param>
    /// <param name="reason">Why, for the audit log: <c>user-deleted</c>.</param>
    /// <param name="actor">Who ends it.</param>
    public Task EndOfUserAsync(Guid user, string reason, Actor actor) =>
        EndAsync("g.user_id = @user", new { user, now = time.Now() }, reason, actor);

    /// <summary>Ends all that a user gave a client. The log's end and the commit are the caller's.</summary>
    public Task EndOfUserAtClientAsync(Guid user, string clientId, Actor actor) =>
        EndAsync(
            "g.user_id = @user and g.client_id = @clientId",
            new
            {
                user,
                clientId,
                now = time.Now(),
            },
            "consent-withdrawn",
            actor
        );

    private async Task EndAsync(string which, object parameters, string reason, Actor actor)
    {
        var db = await work.OpenAsync();
        var ended = (
            await db.QueryAsync<GrantRow>(
                $"update grants g set revoked_at = @now where {which} and revoked_at is null returning {GrantRow.Columns}",
                parameters
            )
        ).AsList();
        if (ended.Count == 0)
        {
            return;
        }

        var tokens = await db.QueryAsync<(string Id, DateTime ExpiresAt)>(
            """
            insert into revoked_tokens (token_id, expires_at)
            select token_id, expires_at from granted_tokens where grant_id = any(@grants) and expires_at > @now
            on conflict do nothing returning token_id, expires_at
            """,
            new { grants = ended.Select(g => g.Id).ToArray(), now = time.Now() }
        );
        foreach (var (id, expiresAt) in tokens)
        {
            log.PutRevoked(id, expiresAt);
        }

        foreach (var grant in ended)
        {
            work.AddAudit(
                actor.Did(
                    "grant.revoke",
                    grant.PublicId,
                    grant.TeamId,
                    after: new { Grant = grant.ToDocument(), Reason = reason }
                )
            );
        }
    }
}
