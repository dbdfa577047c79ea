using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;

namespace ApiSvc.Identity.Applications;

/// <summary>Takes in what the catalog tells of its applications. A repeat does no harm.</summary>
internal sealed class ApplicationEvents(
    UnitOfWork work,
    CredentialRevocation revocation,
    TimeProvider time
)
{
    /// <exception cref="FormatException">An id is not one: no later try will read it.</exception>
    public async Task TakeAsync(ApplicationChanged told, CancellationToken cancellationToken)
    {
        var id = Id<ApplicationKind>.Parse(told.Application?.Id ?? "").Value;
        var team = Id<TeamKind>.Parse(told.Application?.TeamId ?? "").Value;
        var db = await work.OpenAsync(cancellationToken);
        await db.ExecuteAsync(
            """
            insert into applications (id, team_id, deleted_at) values (@id, @team, @deletedAt)
            on conflict (id) do update set team_id = excluded.team_id,
              deleted_at = coalesce(applications.deleted_at, excluded.deleted_at)
            """,
            new
            {
                id,
                team,
                deletedAt = told.Deleted ? time.Now() : (DateTime?)null,
            }
        );
        if (told.Deleted)
        {
            await revocation.RevokeAllAsync([id], Actor.System("identity"));
            await revocation.AppendAsync();
        }

        await work.CommitAsync(cancellationToken);
    }
}
