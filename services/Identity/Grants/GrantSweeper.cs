using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Data;
using Dapper;

namespace ApiSvc.Identity.Grants;

/// <summary>Deletes what has expired: codes, tokens, assertions, and grants with all that came of them.</summary>
internal sealed class GrantSweeper(IServiceScopeFactory scopes, TimeProvider time)
{
    // A code or token that comes back after its end shall still be known as used.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    // A grant ends before its time when nothing is left that it could be used by.
    private static readonly string[] Statements =
    [
        "delete from client_assertions where expires_at < @now",
        "delete from device_code_misses where until < @now",
        "delete from device_codes where expires_at < @end",
        "delete from sessions where expires_at < @end or ended_at < @end",
        "delete from links where expires_at < @end",
        "delete from attempts where last_at < @end",
        "delete from invitations where expires_at < @end",
        "delete from registrations where decided_at < @end",
        "delete from refresh_tokens where expires_at < @end",
        "delete from granted_tokens where expires_at < @end",
        "delete from grants where expires_at < @end",
        """
            delete from grants g where g.created_at < @end
              and not exists (select from granted_tokens t where t.grant_id = g.id)
              and not exists (select from authorization_codes c where c.grant_id = g.id and c.expires_at >= @end)
              and not exists (select from device_codes d where d.grant_id = g.id)
              and not exists (
                select from refresh_tokens r where r.grant_id = g.id and r.used_at is null)
            """,
    ];

    /// <summary>One sweep; two at once do no harm.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var statement in Statements)
        {
            await using var scope = scopes.CreateAsyncScope();
            var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
            var db = await work.OpenAsync(cancellationToken);
            var now = time.Now();
            await db.ExecuteAsync(statement, new { now, end = now - Margin });
            await work.CommitAsync(cancellationToken);
        }
    }
}
