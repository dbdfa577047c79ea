using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Roles;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Teams;

/// <summary>The members of teams.</summary>
internal sealed class MemberStore(NpgsqlDataSource database, UnitOfWork work)
{
    private const string Select = """
        select m.team_id as teamId, m.user_id as userId, u.name, u.email, m.roles
        from members m join users u on u.id = m.user_id
        """;

    public async Task<Outcome<List<MemberRow>>> ListAsync(Guid team, PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        if (await TeamRow.FindAsync(db, team) is null)
        {
            return ApiProblem.NotFound;
        }

        var rows = await db.QueryAsync<MemberRow>(
            $"""
            {Select} where m.team_id = @team and (@after::uuid is null or m.user_id > @after)
            order by m.user_id limit @fetch
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

    /// <summary>Adds a member or replaces the roles.</summary>
    public async Task<Outcome<MemberRow>> SetAsync(
        Guid team,
        Guid user,
        MemberInput input,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        var before = await FindAsync(db, team, user);
        if (
            await RoleGrants.JudgeAsync(db, before?.Roles ?? [], input.Roles, team, actor) is
            { } against
        )
        {
            return against;
        }

        // Nothing is added to a team or user that another transaction is deleting.
        var count = await db.ExecuteAsync(
            """
            insert into members (team_id, user_id, roles)
            select t.id, u.id, @roles from teams t, users u where t.id = @team and u.id = @user
            on conflict (team_id, user_id) do update set roles = excluded.roles
            """,
            new
            {
                team,
                user,
                roles = input.Roles.ToArray(),
            }
        );
        if (count == 0)
        {
            return ApiProblem.NotFound;
        }

        var after = (await FindAsync(db, team, user))!;
        work.Tell(team, new MemberChanged { Member = after.ToMessage() });
        work.AddAudit(
            actor.Did(
                "member.set",
                after.PublicUserId,
                team,
                before?.ToDocument(),
                after.ToDocument()
            )
        );
        await work.CommitAsync();
        return after;
    }

    public async Task<ApiProblem?> RemoveAsync(Guid team, Guid user, Actor actor)
    {
        var db = await work.OpenAsync();
        if (await FindAsync(db, team, user) is not { } member)
        {
            return ApiProblem.NotFound;
        }

        await db.ExecuteAsync(
            "delete from members where team_id = @team and user_id = @user",
            new { team, user }
        );
        work.Tell(team, new MemberChanged { Member = member.ToMessage(), Removed = true });
        work.AddAudit(
            actor.Did("member.remove", member.PublicUserId, team, before: member.ToDocument())
        );
        await work.CommitAsync();
        return null;
    }

    private static Task<MemberRow?> FindAsync(NpgsqlConnection db, Guid team, Guid user) =>
        db.QuerySingleOrDefaultAsync<MemberRow>(
            $"{Select} where m.team_id = @team and m.user_id = @user",
            new { team, user }
        );
}
