using ApiSvc.Identity.Changes;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Grants;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Account;

/// <summary>A client that a user gave something.</summary>
internal sealed record ClientWithAccess(string Id, string Name, DateTime Since);

/// <summary>The clients that users gave something. The commits are the caller's, and before them the log's end.</summary>
internal sealed class ClientAccess(
    NpgsqlDataSource database,
    UnitOfWork work,
    ClientDirectory clients,
    GrantRevocation grants,
    TimeProvider time
)
{
    public async Task<List<ClientWithAccess>> ListAsync(
        Guid user,
        CancellationToken cancellationToken
    )
    {
        var given = await ReadAsync(user, cancellationToken);
        var list = new List<ClientWithAccess>();
        foreach (var (id, since) in given)
        {
            // Of one that was deleted nothing works any more.
            if (await clients.FindAsync(id, cancellationToken) is { Client: var client })
            {
                list.Add(new(id, client.Name, since));
            }
        }

        return list;
    }

    public async Task WithdrawAsync(Guid user, string clientId, Actor actor)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "delete from consents where user_id = @user and client_id = @clientId",
            new { user, clientId }
        );
        await grants.EndOfUserAtClientAsync(user, clientId, actor);
        work.AddAudit(actor.Did("consent.withdraw", clientId, team: null));
    }

    // On a connection that is given back before clients are looked for, which takes another.
    private async Task<List<(string Id, DateTime Since)>> ReadAsync(
        Guid user,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var given = await db.QueryAsync<(string Id, DateTime Since)>(
            """
            select client_id, min(since) from (
              select client_id, given_at as since from consents where user_id = @user
              union all
              select client_id, created_at from grants
              where user_id = @user and revoked_at is null and expires_at > @now
            ) g group by client_id order by min(since) desc, client_id
            """,
            new { user, now = time.Now() }
        );
        return given.AsList();
    }
}
