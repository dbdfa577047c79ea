using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Dapper;

namespace ApiSvc.Identity.Users;

/// <summary>What users change of themselves. The commits are the caller's.</summary>
internal sealed class ProfileStore(UnitOfWork work, TimeProvider time)
{
    /// <summary>Changes name and e-mail address.</summary>
    /// <returns>The user before; null if there is none any more.</returns>
    public async Task<UserRow?> ChangeAsync(
        Guid id,
        Func<UserRow, UserRow> change,
        string action,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await UserRow.FindAsync(db, id, isLocked: true) is not { } before)
        {
            return null;
        }

        var after = change(before) with { Version = before.Version + 1 };
        await db.ExecuteAsync(
            "update users set name = @Name, email = @Email, version = @Version where id = @Id",
            after
        );
        work.Tell(after.PublicId, new UserChanged { User = after.ToMessage() });
        work.AddAudit(
            actor.Did(action, after.PublicId, team: null, before.ToDocument(), after.ToDocument())
        );
        return before;
    }

    /// <param name="user">Whose.</param>
    /// <param name="password">The new one, which keeps the rule.</param>
    /// <param name="action">For the audit log: <c>password.change</c>.</param>
    /// <param name="actor">Who.</param>
    public async Task SetPasswordAsync(Guid user, string password, string action, Actor actor)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "update users set password_hash = @hash, password_changed_at = @now where id = @user",
            new
            {
                user,
                hash = PasswordHash.Of(password),
                now = time.Now(),
            }
        );
        work.AddAudit(
            actor.Did(
                action,
                new ServiceDefaults.Identifiers.Id<ServiceDefaults.Identifiers.UserKind>(
                    user
                ).ToString(),
                team: null
            )
        );
    }
}
