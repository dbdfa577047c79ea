using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.Changes;
using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Deployments;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Subscriptions;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Applications;

/// <summary>Applications: lists, creation, change, deletion.</summary>
internal sealed class ApplicationRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    GatewayResources gateways,
    SubscriptionCancellation subscriptions,
    CatalogEvents events,
    UuidGenerator ids,
    TimeProvider time
)
{
    public async Task<List<ApplicationRow>> ListAsync(
        Caller caller,
        Guid? team,
        PageRequest<Guid> page
    )
    {
        var parameters = ApiRow.ScopeOf(caller, "applications.read");
        parameters.Add("team", team);
        parameters.Add("after", page.After);
        parameters.Add("fetch", page.Fetch);
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<ApplicationRow>(
            """
            select * from application
            where deleted_at is null and (@all or team_id = any(@teams)) and (@team::uuid is null or team_id = @team)
              and (@after::uuid is null or id > @after)
            order by id limit @fetch
            """,
            parameters
        );
        return rows.AsList();
    }

    public async Task<Outcome<ApplicationRow>> FindAsync(Guid id)
    {
        await using var db = await database.OpenConnectionAsync();
        return await ApplicationRow.FindAsync(db, id) is { } row ? row : ApiProblem.NotFound;
    }

    public async Task<Outcome<ApplicationRow>> CreateAsync(
        Guid team,
        ApplicationInput input,
        Actor actor
    )
    {
        var row = new ApplicationRow
        {
            Id = ids.Next(),
            TeamId = team,
            Name = input.Name,
            Description = input.Description,
            Version = 1,
            CreatedAt = time.GetStoredNow(),
        };
        var db = await work.OpenAsync();
        var added = await db.ExecuteAsync(
            """
            insert into application (id, team_id, name, description, version, created_at)
            values (@Id, @TeamId, @Name, @Description, @Version, @CreatedAt)
            on conflict (team_id, name) where deleted_at is null do nothing
            """,
            row
        );
        return added == 0
            ? NameTaken(input.Name)
            : await FinishAsync(db, null, row, "application.create", actor);
    }

    public async Task<Outcome<ApplicationRow>> UpdateAsync(
        Guid id,
        ApplicationInput input,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await ApplicationRow.FindAsync(db, id, "for update") is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        if (
            await db.ExecuteScalarAsync<bool>(
                """
                select exists (
                  select from application where team_id = @TeamId and name = @Name and id <> @Id and deleted_at is null)
                """,
                new
                {
                    before.TeamId,
                    input.Name,
                    before.Id,
                }
            )
        )
        {
            return NameTaken(input.Name);
        }

        var after = before with
        {
            Name = input.Name,
            Description = input.Description,
            Version = before.Version + 1,
        };
        await db.ExecuteAsync(
            "update application set name = @Name, description = @Description, version = @Version where id = @Id",
            after
        );
        return await FinishAsync(db, before, after, "application.update", actor);
    }

    /// <summary>
    /// Deletes it and cancels its subscriptions: at the gateways nothing of it works any more. Its credentials are revoked
    /// by Identity, which hears of it.
    /// </summary>
    public async Task<ApiProblem?> DeleteAsync(Guid id, Precondition precondition, Actor actor)
    {
        var db = await work.OpenAsync();
        if (await ApplicationRow.FindAsync(db, id, "for update") is not { } row)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(row.Version) is { } stale)
        {
            return stale;
        }

        await db.ExecuteAsync(
            "update application set deleted_at = @now, version = version + 1 where id = @id",
            new { id, now = time.GetStoredNow() }
        );
        await subscriptions.CancelOfApplicationAsync(db, id, actor);
        await gateways.DeleteEverywhereAsync(db, ResourceKind.Application, id);
        work.AddAudit(actor.Did("application.delete", row.PublicId, row.TeamId, row.ToDocument()));
        events.Changed(row, deleted: true);
        await gateways.AppendAsync();
        await work.CommitAsync();
        return null;
    }

    private static ApiProblem NameTaken(string name) =>
        Problems.Taken("name-taken", $"The team has an application '{name}' already.");

    private async Task<ApplicationRow> FinishAsync(
        NpgsqlConnection db,
        ApplicationRow? before,
        ApplicationRow after,
        string action,
        Actor actor
    )
    {
        work.AddAudit(
            actor.Did(
                action,
                after.PublicId,
                after.TeamId,
                before?.ToDocument(),
                after.ToDocument()
            )
        );
        events.Changed(after);
        await gateways.PutEverywhereAsync(db, ApplicationCompiler.Compile(after.ToContent()));
        await gateways.AppendAsync();
        await work.CommitAsync();
        return after;
    }
}
