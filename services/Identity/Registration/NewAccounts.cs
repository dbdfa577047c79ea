using ApiSvc.Contracts.Events.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Identity.Registration;

/// <summary>Makes users of people who asked for it themselves. The commits are the caller's.</summary>
internal sealed class NewAccounts(UnitOfWork work, UuidGenerator ids, TimeProvider time)
{
    /// <returns>The new user; null if the login is taken.</returns>
    public async Task<Guid?> CreateAsync(
        NewAccount account,
        string email,
        string? passwordHash,
        Actor actor,
        IReadOnlyList<string>? platformRoles = null
    )
    {
        var row = new UserRow(
            ids.Next(),
            account.Login,
            account.Name,
            email,
            [.. platformRoles ?? []],
            Version: 1,
            time.Now()
        );
        var db = await work.OpenAsync();
        if (!await UserStore.InsertHashAsync(db, row, passwordHash))
        {
            return null;
        }

        work.Tell(row.PublicId, new UserChanged { User = row.ToMessage() });
        work.AddAudit(actor.Did("user.create", row.PublicId, team: null, after: row.ToDocument()));
        return row.Id;
    }
}
