using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Teams;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Identity.Registration;

/// <summary>People who asked for an account, until somebody decides.</summary>
internal sealed class RegistrationStore(
    NpgsqlDataSource database,
    UnitOfWork work,
    NewAccounts accounts,
    MemberStore members,
    LinkMail mail,
    IOptions<TokenOptions> tokens,
    UuidGenerator ids,
    TimeProvider time
)
{
    private const string Approved = "Approved";
    private const string Rejected = "Rejected";

    public async Task<List<RegistrationRow>> ListAsync(PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<RegistrationRow>(
            $"""
            select {RegistrationRow.Columns} from registrations
            where status = 'Pending' and (@after::uuid is null or id > @after) order by id limit @fetch
            """,
            new { after = page.After, fetch = page.Fetch }
        );
        return rows.AsList();
    }

    /// <summary>Notes what somebody wants to be. The commit is the caller's.</summary>
    /// <returns>False if the login is taken, or wanted by somebody else.</returns>
    public async Task<bool> AddAsync(
        NewAccount account,
        string email,
        string password,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var row = new RegistrationRow(ids.Next(), account.Login, account.Name, email, time.Now());
        var db = await work.OpenAsync(cancellationToken);
        // Who asks again takes back what was asked before with this address.
        await db.ExecuteAsync(
            "update registrations set status = 'Replaced', decided_at = @CreatedAt, password_hash = null where lower(email) = lower(@Email) and status = 'Pending'",
            row
        );
        var count = await db.ExecuteAsync(
            """
            insert into registrations (id, login, name, email, password_hash, status, created_at)
            select @Id, @Login, @Name, @Email, @hash, 'Pending', @CreatedAt
            where not exists (select from users where login = @Login)
            on conflict do nothing
            """,
            new
            {
                row.Id,
                row.Login,
                row.Name,
                row.Email,
                row.CreatedAt,
                hash = PasswordHash.Of(password),
            }
        );
        if (count == 0)
        {
            return false;
        }

        work.AddAudit(
            actor.Did("registration.create", row.PublicId, team: null, after: row.ToDocument())
        );
        await TellAdministratorsAsync(db, row, cancellationToken);
        return true;
    }

    public async Task<ApiProblem?> ApproveAsync(
        Guid id,
        ApprovalInput input,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var db = await work.OpenAsync(cancellationToken);
        if (await LockAsync(db, id) is not { } row)
        {
            return await WhyNotAsync(db, id);
        }

        var hash = await db.ExecuteScalarAsync<string?>(
            "select password_hash from registrations where id = @id",
            new { id }
        );
        var account = new NewAccount(row.Login, row.Name, new Dictionary<string, string>());
        if (
            await accounts.CreateAsync(account, row.Email, hash, actor, input.PlatformRoles)
            is not { } user
        )
        {
            return UserStore.LoginTaken;
        }

        foreach (var team in input.Teams)
        {
            if (!await members.AddRolesAsync(team.TeamId.Value, user, team.Roles, actor))
            {
                return ApiProblem.Invalid(
                    new Violation("#/teams", "unknown_team", $"There is no team {team.TeamId}.")
                );
            }
        }

        await DecideAsync(db, row, Approved, user, actor, reason: null);
        await mail.SendAsync(
            row.Email,
            "Your account is ready",
            $"""
            You were let in. Sign in as {row.Login} at

            {tokens.Value.Issuer.TrimEnd('/')}/sign-in
            """,
            cancellationToken
        );
        await work.CommitAsync(cancellationToken);
        return null;
    }

    public async Task<ApiProblem?> RejectAsync(
        Guid id,
        string? reason,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var db = await work.OpenAsync(cancellationToken);
        if (await LockAsync(db, id) is not { } row)
        {
            return await WhyNotAsync(db, id);
        }

        await DecideAsync(db, row, Rejected, user: null, actor, reason);
        await mail.SendAsync(
            row.Email,
            "You were not let in",
            string.IsNullOrWhiteSpace(reason)
                ? "The account that you asked for was refused."
                : $"The account that you asked for was refused: {reason}",
            cancellationToken
        );
        await work.CommitAsync(cancellationToken);
        return null;
    }

    private static Task<RegistrationRow?> LockAsync(NpgsqlConnection db, Guid id) =>
        db.QuerySingleOrDefaultAsync<RegistrationRow>(
            $"select {RegistrationRow.Columns} from registrations where id = @id and status = 'Pending' for update",
            new { id }
        );

    private static async Task<ApiProblem> WhyNotAsync(NpgsqlConnection db, Guid id) =>
        await db.ExecuteScalarAsync<bool>(
            "select exists (select from registrations where id = @id)",
            new { id }
        )
            ? ApiProblem.Conflict(
                "already-decided",
                "Somebody has decided already, or the registration was replaced by a newer one."
            )
            : ApiProblem.NotFound;

    private async Task DecideAsync(
        NpgsqlConnection db,
        RegistrationRow row,
        string status,
        Guid? user,
        Actor actor,
        string? reason
    )
    {
        await db.ExecuteAsync(
            """
            update registrations set status = @status, decided_at = @now, user_id = @user, password_hash = null
            where id = @Id
            """,
            new
            {
                row.Id,
                status,
                user,
                now = time.Now(),
            }
        );
        work.AddAudit(
            actor.Did(
                status == Approved ? "registration.approve" : "registration.reject",
                row.PublicId,
                team: null,
                row.ToDocument(),
                new { Status = status, Reason = reason }
            )
        );
    }

    private async Task TellAdministratorsAsync(
        NpgsqlConnection db,
        RegistrationRow row,
        CancellationToken cancellationToken
    )
    {
        var administrators = await db.QueryAsync<string>(
            """
            select distinct email from users
            where @role = any(platform_roles) and disabled_at is null order by email limit 20
            """,
            new { role = UserRow.Administrator }
        );
        foreach (var administrator in administrators)
        {
            await mail.TellAsync(
                administrator,
                "Somebody asks for an account",
                $"{row.Name} <{row.Email}> asks for an account with the login {row.Login}. Decide by the management API: /v1/registrations/{row.PublicId}",
                cancellationToken
            );
        }
    }
}
