using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Passwords;
using ApiSvc.Identity.Roles;
using ApiSvc.Identity.Sessions;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Users;

/// <summary>Users of the platform.</summary>
internal sealed class UserStore(
    NpgsqlDataSource database,
    UnitOfWork work,
    GrantRevocation grants,
    CredentialLog log,
    SessionStore sessions,
    UuidGenerator ids,
    TimeProvider time
)
{
    public static ApiProblem LoginTaken { get; } =
        ApiProblem.Conflict("login-taken", "Another user has this login.");

    public static ApiProblem LastAdministrator { get; } =
        ApiProblem.Conflict(
            "last-administrator",
            "This is the last user with the role 'admin'. Give it to another one first."
        );

    public async Task<List<UserRow>> ListAsync(PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<UserRow>(
            $"""
            select {UserRow.Columns} from users
            where @after::uuid is null or id > @after order by id limit @fetch
            """,
            new { after = page.After, fetch = page.Fetch }
        );
        return rows.AsList();
    }

    public async Task<Outcome<UserRow>> GetAsync(Guid id)
    {
        await using var db = await database.OpenConnectionAsync();
        return await UserRow.FindAsync(db, id) is { } row ? row : ApiProblem.NotFound;
    }

    public async Task<Outcome<UserRow>> CreateAsync(UserInput input, Actor actor)
    {
        if (FindFault(input) is { } fault)
        {
            return fault;
        }

        var row = new UserRow(
            ids.Next(),
            input.Login,
            input.Name,
            input.Email,
            [.. input.PlatformRoles],
            Version: 1,
            time.Now()
        );
        var db = await work.OpenAsync();
        if (await JudgeRolesAsync(db, input.PlatformRoles, actor) is { } against)
        {
            return against;
        }

        if (!await InsertAsync(db, row, input.Password))
        {
            return LoginTaken;
        }

        work.Tell(row.PublicId, new UserChanged { User = row.ToMessage() });
        work.AddAudit(actor.Did("user.create", row.PublicId, team: null, after: row.ToDocument()));
        await work.CommitAsync();
        return row;
    }

    public async Task<Outcome<UserRow>> UpdateAsync(
        Guid id,
        UserInput input,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await UserRow.FindAsync(db, id, isLocked: true) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        var after = before with
        {
            Login = input.Login,
            Name = input.Name,
            Email = input.Email,
            PlatformRoles = [.. input.PlatformRoles],
            Version = before.Version + 1,
        };
        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        var against = FindFault(input) ?? await JudgeChangeAsync(db, before, after, actor);
        if (against is not null)
        {
            return against;
        }

        if (!await WriteAsync(db, after, input.Password, actor))
        {
            return LoginTaken;
        }

        work.Tell(after.PublicId, new UserChanged { User = after.ToMessage() });
        work.AddAudit(
            actor.Did(
                "user.update",
                after.PublicId,
                team: null,
                before.ToDocument(),
                new { User = after.ToDocument(), PasswordChanged = input.Password is not null }
            )
        );
        await work.CommitAsync();
        return after;
    }

    public async Task<ApiProblem?> DeleteAsync(
        Guid id,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await UserRow.FindAsync(db, id, isLocked: true) is not { } user)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(user.Version) is { } stale)
        {
            return stale;
        }

        if (await IsLastAdministratorAsync(db, user))
        {
            return LastAdministrator;
        }

        await grants.EndOfUserAsync(id, "user-deleted", actor);
        await db.ExecuteAsync("delete from users where id = @id", new { id });
        work.Tell(user.PublicId, new UserChanged { User = user.ToMessage(), Deleted = true });
        work.AddAudit(
            actor.Did("user.delete", user.PublicId, team: null, before: user.ToDocument())
        );
        await log.AppendAsync();
        await work.CommitAsync();
        return null;
    }

    /// <returns>False if the login is taken.</returns>
    public static Task<bool> InsertAsync(NpgsqlConnection db, UserRow row, string? password) =>
        InsertHashAsync(db, row, password is null ? null : PasswordHash.Of(password));

    /// <returns>False if the login is taken.</returns>
    public static async Task<bool> InsertHashAsync(NpgsqlConnection db, UserRow row, string? hash)
    {
        var parameters = new DynamicParameters(row);
        parameters.Add("hash", hash);
        return await db.ExecuteAsync(
                """
                insert into users (id, login, name, email, platform_roles, password_hash, created_at)
                values (@Id, @Login, @Name, @Email, @PlatformRoles, @hash, @CreatedAt)
                on conflict (login) do nothing
                """,
                parameters
            ) > 0;
    }

    private static async Task<ApiProblem?> JudgeChangeAsync(
        NpgsqlConnection db,
        UserRow before,
        UserRow after,
        Actor actor
    )
    {
        // Also by those that it has: whoever sets a password could otherwise become anybody.
        string[] roles = [.. before.PlatformRoles.Union(after.PlatformRoles)];
        return await JudgeRolesAsync(db, roles, actor) is { } against ? against
            : !after.IsAdministrator && await IsLastAdministratorAsync(db, before)
                ? LastAdministrator
            : null;
    }

    private static Task<ApiProblem?> JudgeRolesAsync(
        NpgsqlConnection db,
        IReadOnlyCollection<string> roles,
        Actor actor
    ) => RoleGrants.JudgeAsync(db, before: [], roles, team: null, actor, "#/platformRoles");

    // False if the login is taken.
    private async Task<bool> WriteAsync(
        NpgsqlConnection db,
        UserRow after,
        string? password,
        Actor actor
    )
    {
        var parameters = new DynamicParameters(after);
        parameters.Add("hash", password is null ? null : PasswordHash.Of(password));
        parameters.Add("now", time.Now());
        try
        {
            await db.ExecuteAsync(
                """
                update users set login = @Login, name = @Name, email = @Email, platform_roles = @PlatformRoles,
                  version = @Version, password_hash = coalesce(@hash, password_hash),
                  password_changed_at = case when @hash is null then password_changed_at else @now end
                where id = @Id
                """,
                parameters
            );
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }

        if (password is not null)
        {
            // Whoever came in by the old one goes.
            await sessions.EndAllAsync(after.Id, actor);
            await log.AppendAsync();
        }

        return true;
    }

    private static ApiProblem? FindFault(UserInput input) =>
        input.Password is { } password
        && PasswordRule.FindFault(password, input.Login, input.Name, input.Email) is { } fault
            ? ApiProblem.Invalid(new Violation("#/password", "password", fault))
            : null;

    // All administrators are locked: of two that are removed at once, one stays.
    internal static async Task<bool> IsLastAdministratorAsync(NpgsqlConnection db, UserRow user)
    {
        if (!user.IsAdministrator || user.DisabledAt is not null)
        {
            return false;
        }

        var all = await db.QueryAsync<Guid>(
            "select id from users where @role = any(platform_roles) and disabled_at is null order by id for update",
            new { role = UserRow.Administrator }
        );
        return all.AsList() is [var one] && one == user.Id;
    }
}
