using ApiSvc.Identity.Attempts;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Roles;
using ApiSvc.Identity.Teams;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Invitations;

/// <summary>Invitations to teams by e-mail.</summary>
internal sealed class InvitationStore(
    NpgsqlDataSource database,
    UnitOfWork work,
    AttemptLimiter limiter,
    OneTimeLinks links,
    LinkMail mail,
    MemberStore members,
    UuidGenerator ids,
    TimeProvider time
)
{
    public const string Purpose = "invitation";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public async Task<Outcome<List<InvitationRow>>> ListAsync(Guid team, PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        if (await TeamRow.FindAsync(db, team) is null)
        {
            return ApiProblem.NotFound;
        }

        var rows = await db.QueryAsync<InvitationRow>(
            $"""
            {InvitationRow.Select}
            where i.team_id = @team and {InvitationRow.IsOpen} and (@after::uuid is null or i.id > @after)
            order by i.id limit @fetch
            """,
            new
            {
                team,
                now = time.Now(),
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    /// <summary>Invites, and takes back the invitation to this team that the address has.</summary>
    public async Task<Outcome<InvitationRow>> CreateAsync(
        Guid team,
        InvitationInput input,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var recipient = Attempt.Of(Pace.MailTo, SignInUser.Normalize(input.Email));
        if (await limiter.BeginAsync(cancellationToken, recipient) is { } wait)
        {
            return new ApiProblem
            {
                Status = StatusCodes.Status429TooManyRequests,
                Code = "too-many-requests",
                Detail = "This address got several e-mails in a short time. Try again later.",
                RetryAfter = Math.Max(
                    1,
                    (int)Math.Ceiling((wait.Until - time.GetUtcNow()).TotalSeconds)
                ),
            };
        }

        var db = await work.OpenAsync(cancellationToken);
        if (await TeamRow.FindAsync(db, team, isLocked: true) is not { } into)
        {
            return ApiProblem.NotFound;
        }

        if (await RoleGrants.JudgeAsync(db, before: [], input.Roles, team, actor) is { } against)
        {
            return against;
        }

        var row = new InvitationRow(
            ids.Next(),
            team,
            into.Name,
            input.Email,
            [.. input.Roles],
            actor.Caller.Subject,
            time.Now(),
            time.Now() + Lifetime
        );
        await db.ExecuteAsync(
            """
            update invitations i set revoked_at = @CreatedAt
            where i.team_id = @TeamId and lower(i.email) = lower(@Email) and i.accepted_at is null and i.revoked_at is null;
            insert into invitations (id, team_id, email, roles, invited_by, created_at, expires_at)
            values (@Id, @TeamId, @Email, @Roles, @InvitedBy, @CreatedAt, @ExpiresAt)
            """,
            row
        );
        await SendAsync(row, cancellationToken);
        work.AddAudit(actor.Did("invitation.create", row.PublicId, team, after: row.ToDocument()));
        await work.CommitAsync(cancellationToken);
        return row;
    }

    public async Task<ApiProblem?> RevokeAsync(Guid team, Guid id, Actor actor)
    {
        var db = await work.OpenAsync();
        var row = await db.QuerySingleOrDefaultAsync<InvitationRow>(
            $"{InvitationRow.Select} where i.id = @id and i.team_id = @team and {InvitationRow.IsOpen} for update of i",
            new
            {
                id,
                team,
                now = time.Now(),
            }
        );
        if (row is null)
        {
            return ApiProblem.NotFound;
        }

        await db.ExecuteAsync(
            "update invitations set revoked_at = @now where id = @id",
            new { id, now = time.Now() }
        );
        work.AddAudit(actor.Did("invitation.revoke", row.PublicId, team, before: row.ToDocument()));
        await work.CommitAsync();
        return null;
    }

    /// <returns>The invitation of a link, as long as it is open.</returns>
    public async Task<InvitationRow?> FindAsync(string? secret)
    {
        if (await links.FindAsync(Purpose, secret) is not { } link)
        {
            return null;
        }

        var db = await work.OpenAsync();
        return await db.QuerySingleOrDefaultAsync<InvitationRow>(
            $"{InvitationRow.Select} where i.id = @Invitation and {InvitationRow.IsOpen}",
            new { link.Read<Invited>().Invitation, now = time.Now() }
        );
    }

    /// <summary>Makes the user a member. The commit is the caller's.</summary>
    /// <returns>False if the link is good no longer.</returns>
    public async Task<bool> AcceptAsync(string secret, Guid user, Actor actor)
    {
        if (await links.UseAsync(Purpose, secret) is not { } link)
        {
            return false;
        }

        var db = await work.OpenAsync();
        var invitation = link.Read<Invited>().Invitation;
        var isOpen =
            await db.ExecuteAsync(
                $"update invitations i set accepted_at = @now, accepted_by = @user where i.id = @invitation and {InvitationRow.IsOpen}",
                new
                {
                    invitation,
                    user,
                    now = time.Now(),
                }
            ) > 0;
        if (!isOpen)
        {
            return false;
        }

        var row = await db.QuerySingleAsync<InvitationRow>(
            $"{InvitationRow.Select} where i.id = @invitation",
            new { invitation }
        );
        if (!await members.AddRolesAsync(row.TeamId, user, row.Roles, actor))
        {
            return false;
        }

        work.AddAudit(
            actor.Did(
                "invitation.accept",
                row.PublicId,
                row.TeamId,
                after: new { User = new Id<UserKind>(user).ToString() }
            )
        );
        return true;
    }

    private async Task SendAsync(InvitationRow row, CancellationToken cancellationToken)
    {
        var link = await links.CreateAsync(
            Purpose,
            InvitationPages.Path,
            user: null,
            new Invited(row.Id),
            Lifetime
        );
        await mail.SendAsync(
            row.Email,
            $"You are invited to the team {OneLine(row.TeamName)}",
            $"""
            You are invited to the team {OneLine(row.TeamName)} with the role {string.Join(
                ", ",
                row.Roles
            )}. Open this link within seven days:

            {link}

            If you expect no invitation, do nothing.
            """,
            cancellationToken
        );
    }

    private static string OneLine(string text) =>
        string.Concat(text.Where(c => !char.IsControl(c)));

    private sealed record Invited(Guid Invitation);
}
