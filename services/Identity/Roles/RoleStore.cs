using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Roles;

/// <summary>
/// The roles that administrators make. They are the platform's, also those that hold in teams: services resolve
/// permissions by one table of names.
/// </summary>
internal sealed class RoleStore(NpgsqlDataSource database, UnitOfWork work)
{
    public async Task<List<RoleRow>> ListAsync()
    {
        await using var db = await database.OpenConnectionAsync();
        return await RoleRow.ReadAsync(db);
    }

    public async Task<Outcome<RoleRow>> GetAsync(string name)
    {
        await using var db = await database.OpenConnectionAsync();
        return await RoleRow.FindAsync(db, name) is { } row ? row : ApiProblem.NotFound;
    }

    public async Task<Outcome<RoleRow>> CreateAsync(RoleInput input, Actor actor)
    {
        if (JudgeContent(input, actor) is { } escalation)
        {
            return escalation;
        }

        var row = new RoleRow(
            input.Name,
            input.Reach.ToString(),
            Sorted(input),
            BuiltIn: false,
            input.Description
        );
        var db = await OpenAsync();
        var count = await db.ExecuteAsync(
            """
            insert into roles (name, reach, permissions, built_in, description)
            values (@Name, @Reach, @Permissions, @BuiltIn, @Description) on conflict (name) do nothing
            """,
            row
        );
        if (count == 0)
        {
            return RoleProblems.NameTaken;
        }

        await FinishAsync(db, actor, "role.create", before: null, row);
        return row;
    }

    public async Task<Outcome<RoleRow>> UpdateAsync(
        string name,
        RoleInput input,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        var db = await OpenAsync();
        if (await RoleRow.FindAsync(db, name, isLocked: true) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (JudgeChange(before, precondition) is { } against)
        {
            return against;
        }

        if (FindFixed(before, input) is { Count: > 0 } violations)
        {
            return ApiProblem.Invalid(violations);
        }

        if (JudgeContent(input, actor) is { } escalation)
        {
            return escalation;
        }

        var after = before with
        {
            Permissions = Sorted(input),
            Description = input.Description,
            Version = before.Version + 1,
        };
        await db.ExecuteAsync(
            "update roles set permissions = @Permissions, description = @Description, version = @Version where name = @Name",
            after
        );
        await FinishAsync(db, actor, "role.update", before, after);
        return after;
    }

    public async Task<ApiProblem?> DeleteAsync(
        string name,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        var db = await OpenAsync();
        // Whoever gives it to somebody just now holds the row.
        if (await RoleRow.FindAsync(db, name, isLocked: true) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (JudgeChange(before, precondition) is { } against)
        {
            return against;
        }

        if (await RoleHolders.ReadAsync(db, name) is { Count: > 0 } holders)
        {
            return RoleProblems.InUse(holders);
        }

        await db.ExecuteAsync("delete from roles where name = @name", new { name });
        await FinishAsync(db, actor, "role.delete", before, after: null);
        return null;
    }

    private static ApiProblem? JudgeChange(RoleRow before, Func<long, ApiProblem?> precondition) =>
        before.BuiltIn ? RoleProblems.BuiltIn : precondition(before.Version);

    private static ApiProblem? JudgeContent(RoleInput input, Actor actor) =>
        input.Permissions.Where(p => !actor.Caller.Can(p)).ToList() is { Count: > 0 } lacking
            ? RoleProblems.Escalation(lacking)
            : null;

    private static List<Violation> FindFixed(RoleRow before, RoleInput input)
    {
        var violations = new List<Violation>();
        if (input.Name != before.Name)
        {
            violations.Add(new("#/name", "fixed", $"Stays '{before.Name}'. Make another role."));
        }

        if (input.Reach != before.ReachValue)
        {
            violations.Add(new("#/reach", "fixed", "Stays as it is. Make another role."));
        }

        return violations;
    }

    private static string[] Sorted(RoleInput input) =>
        [.. input.Permissions.Order(StringComparer.Ordinal)];

    // The head first: changes of the table come one after the other, each with a version of its own.
    private async Task<NpgsqlConnection> OpenAsync()
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync("select version from role_table_head for update");
        return db;
    }

    private async Task FinishAsync(
        NpgsqlConnection db,
        Actor actor,
        string action,
        RoleRow? before,
        RoleRow? after
    )
    {
        await RoleTableHead.AdvanceAsync(db);
        work.Tell(key: null, new RoleTableChanged { RoleTable = await RoleRow.ReadTableAsync(db) });
        work.AddAudit(
            actor.Did(
                action,
                (after ?? before)!.Name,
                team: null,
                before?.ToDocument(),
                after?.ToDocument()
            )
        );
        await work.CommitAsync();
    }
}
