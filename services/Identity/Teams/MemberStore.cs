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
        RecordSet(before, after, actor);
        await work.CommitAsync();
        return after;
    }

    /// <summary>Makes a member have other roles, be one, or be none any more. The commit is the caller's.</summary>
    /// <param name="team">Which team; it is there.</param>
    /// <param name="user">Who; it is there.</param>
    /// <param name="change">The roles before → after; none: no member.</param>
    /// <param name="actor">Who changes it.</param>
    public async Task ChangeRolesAsync(
        Guid team,
        Guid user,
        Func<IReadOnlyList<string>, string[]> change,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        var before = await FindAsync(db, team, user);
        var roles = change(before?.Roles ?? []);
        if (roles.ToHashSet().SetEquals(before?.Roles ?? []))
        {
            return;
        }

        if (roles.Length == 0)
        {
            await db.ExecuteAsync(
                "delete from members where team_id = @team and user_id = @user",
                new { team, user }
            );
            work.Tell(team, new MemberChanged { Member = before!.ToMessage(), Removed = true });
            work.AddAudit(
                actor.Did("member.remove", before.PublicUserId, team, before: before.ToDocument())
            );
            return;
        }

        await db.ExecuteAsync(
            """
            insert into members (team_id, user_id, roles) values (@team, @user, @roles)
            on conflict (team_id, user_id) do update set roles = excluded.roles
            """,
            new
            {
                team,
                user,
                roles,
            }
        );
        RecordSet(before, (await FindAsync(db, team, user))!, actor);
    }

    /// <summary>Adds a member, or roles to those that it has. The commit is the caller's.</summary>
    /// <returns>False if there is no such team or user.</returns>
    public async Task<bool> AddRolesAsync(
        Guid team,
        Guid user,
        IReadOnlyList<string> roles,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        var before = await FindAsync(db, team, user);
        var count = await db.ExecuteAsync(
            """
            insert into members (team_id, user_id, roles)
            select t.id, u.id, @roles from teams t, users u where t.id = @team and u.id = @user
            on conflict (team_id, user_id) do update
              set roles = array(select distinct r from unnest(members.roles || excluded.roles) r order by r)
            """,
            new
            {
                team,
                user,
                roles = roles.ToArray(),
            }
        );
        if (count == 0)
        {
            return false;
        }

        var after = (await FindAsync(db, team, user))!;
        RecordSet(before, after, actor);
        return true;
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

    private void RecordSet(MemberRow? before, MemberRow after, Actor actor)
    {
        work.Tell(after.TeamId, new MemberChanged { Member = after.ToMessage() });
        work.AddAudit(
            actor.Did(
                "member.set",
                after.PublicUserId,
                after.TeamId,
                before?.ToDocument(),
                after.ToDocument()
            )
        );
    }

    private static Task<MemberRow?> FindAsync(NpgsqlConnection db, Guid team, Guid user) =>
        db.QuerySingleOrDefaultAsync<MemberRow>(
            $"{Select} where m.team_id = @team and m.user_id = @user",
            new { team, user }
        );
}
