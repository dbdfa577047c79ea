using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Teams;

/// <summary>Teams.</summary>
internal sealed class TeamStore(
    NpgsqlDataSource database,
    UnitOfWork work,
    CredentialRevocation revocation,
    UuidGenerator ids,
    TimeProvider time
)
{
    public static ApiProblem SlugTaken { get; } =
        ApiProblem.Conflict("slug-taken", "Another team has this slug.");

    /// <summary>Those in which the caller may read.</summary>
    public async Task<List<TeamRow>> ListAsync(Caller caller, PageRequest<Guid> page)
    {
        var scope = caller.TeamsWith("teams.read");
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<TeamRow>(
            $"""
            select {TeamRow.Columns} from teams
            where (@all or id = any(@teams)) and (@after::uuid is null or id > @after)
            order by id limit @fetch
            """,
            new
            {
                all = scope.IsAll,
                teams = scope.Teams.ToArray(),
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    public async Task<Outcome<TeamRow>> GetAsync(Guid id)
    {
        await using var db = await database.OpenConnectionAsync();
        return await TeamRow.FindAsync(db, id) is { } row ? row : ApiProblem.NotFound;
    }

    public async Task<Outcome<TeamRow>> CreateAsync(TeamInput input, Actor actor)
    {
        var row = new TeamRow(
            ids.Next(),
            input.Slug,
            input.Name,
            input.Description,
            Version: 1,
            time.Now()
        );
        var db = await work.OpenAsync();
        var count = await db.ExecuteAsync(
            """
            insert into teams (id, slug, name, description, created_at)
            values (@Id, @Slug, @Name, @Description, @CreatedAt) on conflict (slug) do nothing
            """,
            row
        );
        if (count == 0)
        {
            return SlugTaken;
        }

        work.Tell(row.Id, new TeamChanged { Team = row.ToMessage() });
        work.AddAudit(actor.Did("team.create", row.PublicId, row.Id, after: row.ToDocument()));
        await work.CommitAsync();
        return row;
    }

    /// <param name="id">Which.</param>
    /// <param name="input">What it is to be.</param>
    /// <param name="precondition">Judges the version that is there.</param>
    /// <param name="actor">Who.</param>
    public async Task<Outcome<TeamRow>> UpdateAsync(
        Guid id,
        TeamInput input,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await TeamRow.FindAsync(db, id, isLocked: true) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        var after = before with
        {
            Slug = input.Slug,
            Name = input.Name,
            Description = input.Description,
            Version = before.Version + 1,
        };
        try
        {
            await db.ExecuteAsync(
                "update teams set slug = @Slug, name = @Name, description = @Description, version = @Version where id = @Id",
                after
            );
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return SlugTaken;
        }

        work.Tell(id, new TeamChanged { Team = after.ToMessage() });
        work.AddAudit(
            actor.Did("team.update", after.PublicId, id, before.ToDocument(), after.ToDocument())
        );
        await work.CommitAsync();
        return after;
    }

    /// <summary>Deletes the team with its members and clients, and revokes the credentials of its applications.</summary>
    public async Task<ApiProblem?> DeleteAsync(
        Guid id,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await TeamRow.FindAsync(db, id, isLocked: true) is not { } team)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(team.Version) is { } stale)
        {
            return stale;
        }

        var applications = await db.QueryAsync<Guid>(
            "select id from applications where team_id = @id order by id for update",
            new { id }
        );
        await revocation.RevokeAllAsync(applications.AsList(), actor);
        await db.ExecuteAsync("delete from teams where id = @id", new { id });
        work.Tell(id, new TeamChanged { Team = team.ToMessage(), Deleted = true });
        work.AddAudit(actor.Did("team.delete", team.PublicId, id, before: team.ToDocument()));
        await revocation.AppendAsync();
        await work.CommitAsync();
        return null;
    }
}
