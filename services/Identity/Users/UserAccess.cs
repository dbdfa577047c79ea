using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Roles;
using ApiSvc.Identity.SecondFactor;
using ApiSvc.Identity.Sessions;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;

namespace ApiSvc.Identity.Users;

/// <summary>Whether users are let in.</summary>
internal sealed class UserAccess(
    UnitOfWork work,
    GrantRevocation grants,
    CredentialLog log,
    SessionStore sessions,
    SecondFactorStore secondFactors,
    OneTimeLinks links,
    TimeProvider time
)
{
    /// <summary>Keeps a user out, with all that came of it, or lets it in again.</summary>
    public async Task<Outcome<UserRow>> SetDisabledAsync(Guid id, bool isDisabled, Actor actor)
    {
        var db = await work.OpenAsync();
        if (await UserRow.FindAsync(db, id, isLocked: true) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (before.DisabledAt is not null == isDisabled)
        {
            return before;
        }

        if (await JudgeAsync(before, actor) is { } against)
        {
            return against;
        }

        if (isDisabled && await UserStore.IsLastAdministratorAsync(db, before))
        {
            return UserStore.LastAdministrator;
        }

        var after = before with
        {
            DisabledAt = isDisabled ? time.Now() : null,
            Version = before.Version + 1,
        };
        await db.ExecuteAsync(
            "update users set disabled_at = @DisabledAt, version = @Version where id = @Id",
            after
        );
        if (isDisabled)
        {
            await sessions.EndAllAsync(id, actor);
            await grants.EndOfUserAsync(id, "user-disabled", actor);
            await links.CancelAsync(id);
        }

        work.Tell(after.PublicId, new UserChanged { User = after.ToMessage() });
        work.AddAudit(
            actor.Did(
                isDisabled ? "user.disable" : "user.enable",
                after.PublicId,
                team: null,
                before.ToDocument(),
                after.ToDocument()
            )
        );
        await log.AppendAsync();
        await work.CommitAsync();
        return after;
    }

    /// <summary>Takes the second factor from a user who has lost it.</summary>
    public async Task<ApiProblem?> RemoveSecondFactorAsync(Guid id, Actor actor)
    {
        var db = await work.OpenAsync();
        if (await UserRow.FindAsync(db, id, isLocked: true) is not { } user)
        {
            return ApiProblem.NotFound;
        }

        if (await JudgeAsync(user, actor) is { } against)
        {
            return against;
        }

        if (await secondFactors.RemoveAsync(id))
        {
            work.AddAudit(actor.Did("second-factor.remove", user.PublicId, team: null));
            await work.CommitAsync();
        }

        return null;
    }

    // Whoever may do less than the user must not decide of its access.
    private async Task<ApiProblem?> JudgeAsync(UserRow user, Actor actor) =>
        await RoleGrants.JudgeAsync(
            await work.OpenAsync(),
            before: [],
            user.PlatformRoles,
            team: null,
            actor,
            "#/platformRoles"
        );
}
