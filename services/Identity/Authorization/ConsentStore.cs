using ApiSvc.Identity.Changes;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Authorization;

/// <summary>What users have agreed that clients may have.</summary>
internal sealed class ConsentStore(NpgsqlDataSource database, UnitOfWork work, TimeProvider time)
{
    /// <summary>Whether the user has to be asked.</summary>
    public async Task<bool> IsNeededAsync(
        AuthorizationRequest request,
        Guid user,
        CancellationToken cancellationToken
    )
    {
        if (request.Prompts.Contains("consent"))
        {
            return true;
        }

        // RFC 8252 section 8.6: any program of the machine could pretend to be this one.
        if (request.Client.IsPublic && RedirectUri.IsLoopback(request.RedirectUri))
        {
            return true;
        }

        if (request.Client.IsOwn)
        {
            return false;
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var given = await db.ExecuteScalarAsync<string[]>(
            "select scopes from consents where user_id = @user and client_id = @Id",
            new { user, request.Client.Id }
        );
        return given is null || request.Scopes.Except(given).Any();
    }

    /// <summary>Notes it. The commit is the caller's.</summary>
    public async Task AddAsync(
        IssuerClient client,
        Guid user,
        IReadOnlyList<string> scopes,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            """
            insert into consents (user_id, client_id, scopes, given_at)
            select id, @Id, @scopes, @now from users where id = @user
            on conflict (user_id, client_id) do update set given_at = excluded.given_at,
              scopes = array(select distinct unnest(consents.scopes || excluded.scopes))
            """,
            new
            {
                user,
                client.Id,
                scopes = scopes.ToArray(),
                now = time.Now(),
            }
        );
        work.AddAudit(
            actor.Did("consent.give", client.Id, client.Team, after: new { Scopes = scopes })
        );
    }

    /// <summary>Records that the user refused.</summary>
    public async Task RefuseAsync(IssuerClient client, IReadOnlyList<string> scopes, Actor actor)
    {
        work.AddAudit(
            actor.Did("consent.refuse", client.Id, client.Team, after: new { Scopes = scopes })
        );
        await work.CommitAsync();
    }
}
