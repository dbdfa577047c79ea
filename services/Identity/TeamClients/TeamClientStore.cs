using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Roles;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.TeamClients;

/// <summary>The OAuth clients of teams.</summary>
internal sealed class TeamClientStore(
    NpgsqlDataSource database,
    UnitOfWork work,
    UuidGenerator ids,
    TimeProvider time
) : ITeamLookup
{
    /// <inheritdoc />
    public async ValueTask<Ownership?> FindAsync(
        string id,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (!Id<OAuthClientKind>.TryParse(id, out var client))
        {
            return null;
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var team = await db.ExecuteScalarAsync<Guid?>(
            "select team_id from team_clients where id = @id",
            new { id = client.Value }
        );
        return team is { } owner ? new Ownership(owner, IsVisible: false) : null;
    }

    public async Task<List<TeamClientRow>> ListAsync(Guid team, PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<TeamClientRow>(
            $"""
            select {TeamClientRow.Columns} from team_clients
            where team_id = @team and (@after::uuid is null or id > @after) order by id limit @fetch
            """,
            new
            {
                team,
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    public async Task<Outcome<NewTeamClient>> CreateAsync(
        Guid team,
        TeamClientInput input,
        Actor actor
    )
    {
        var secret = GeneratedSecret.New();
        var row = new TeamClientRow(
            ids.Next(),
            team,
            input.Name,
            [.. input.Roles],
            time.Now(),
            RevokedAt: null
        );
        var db = await work.OpenAsync();
        if (await RoleGrants.JudgeAsync(db, [], input.Roles, team, actor) is { } against)
        {
            return against;
        }

        var parameters = new DynamicParameters(row);
        parameters.Add("hash", GeneratedSecret.Hash(secret));
        var count = await db.ExecuteAsync(
            """
            insert into team_clients (id, team_id, name, roles, secret_sha256, created_at)
            select @Id, id, @Name, @Roles, @hash, @CreatedAt from teams where id = @TeamId
            """,
            parameters
        );
        if (count == 0)
        {
            return ApiProblem.NotFound;
        }

        Record("team-client.create", null, row, actor);
        await work.CommitAsync();
        return new NewTeamClient(row, secret);
    }

    /// <summary>Revokes it; one that is revoked stays as it is.</summary>
    public async Task<Outcome<TeamClientRow>> RevokeAsync(Guid id, Actor actor)
    {
        var db = await work.OpenAsync();
        var before = await db.QuerySingleOrDefaultAsync<TeamClientRow>(
            $"select {TeamClientRow.Columns} from team_clients where id = @id for update",
            new { id }
        );
        if (before is null)
        {
            return ApiProblem.NotFound;
        }

        if (before.RevokedAt is not null)
        {
            return before;
        }

        var after = before with { RevokedAt = time.Now() };
        await db.ExecuteAsync(
            "update team_clients set revoked_at = @RevokedAt where id = @Id",
            after
        );
        Record("team-client.revoke", before, after, actor);
        await work.CommitAsync();
        return after;
    }

    private void Record(string action, TeamClientRow? before, TeamClientRow after, Actor actor)
    {
        work.Tell(after.TeamId, new TeamClientChanged { Client = after.ToMessage() });
        work.AddAudit(
            actor.Did(
                action,
                after.ClientId,
                after.TeamId,
                before?.ToDocument(),
                after.ToDocument()
            )
        );
    }
}
