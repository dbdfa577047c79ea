using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Registration;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>Which user somebody at a provider is. The commits are the caller's.</summary>
internal sealed class ExternalLogins(
    UnitOfWork work,
    NewAccounts accounts,
    RoleMapping roles,
    TimeProvider time
)
{
    private const int MostLogins = 20;

    public const string NoAccount =
        "There is no account for you here. Ask somebody of your team to invite you.";

    private const string AddressTaken =
        "There is an account with your e-mail address. Sign in to it, and add this way to sign in on your account's page.";

    /// <summary>Finds the user, or makes one where the provider may; the roles are brought up to date.</summary>
    /// <returns>The user, or why there is none, in words for people.</returns>
    public async Task<(SignInUser? User, string? Fault)> ResolveAsync(
        Provider provider,
        ExternalUser external,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        var (id, fault) = await FindAsync(db, provider, external, actor);
        if (id is not { } user)
        {
            return (null, fault);
        }

        await db.ExecuteAsync(
            "update external_logins set used_at = @now where issuer = @Issuer and subject = @Subject",
            new
            {
                external.Issuer,
                external.Subject,
                now = time.Now(),
            }
        );
        await roles.ApplyAsync(provider, external, user);
        return (await SignInUser.FindAsync(db, user), null);
    }

    /// <summary>Lets a user who is signed in come in this way, too.</summary>
    /// <returns>False if it is another user's already, or this user has another one at the provider.</returns>
    public async Task<bool> LinkAsync(ExternalUser external, Guid user, Actor actor)
    {
        var db = await work.OpenAsync();
        if (await OwnerAsync(db, external) is { } owner)
        {
            return owner == user;
        }

        var count = await db.ExecuteAsync(
            """
            insert into external_logins (issuer, subject, user_id, created_at, used_at)
            select @Issuer, @Subject, id, @now, @now from users where id = @user on conflict do nothing
            """,
            new
            {
                external.Issuer,
                external.Subject,
                user,
                now = time.Now(),
            }
        );
        if (count == 0)
        {
            return false;
        }

        Record("external-login.link", external.Issuer, user, actor);
        return true;
    }

    /// <returns>False if the user has none there, or could not sign in without it.</returns>
    public async Task<bool> UnlinkAsync(string issuer, Guid user, Actor actor)
    {
        var db = await work.OpenAsync();
        var count = await db.ExecuteAsync(
            """
            delete from external_logins l where l.user_id = @user and l.issuer = @issuer and (
              exists (select from users where id = @user and password_hash is not null)
              or exists (select from external_logins o where o.user_id = @user and o.issuer <> @issuer))
            """,
            new { user, issuer }
        );
        if (count > 0)
        {
            Record("external-login.unlink", issuer, user, actor);
        }

        return count > 0;
    }

    /// <summary>The issuers at which the user signs in.</summary>
    public async Task<HashSet<string>> IssuersAsync(Guid user)
    {
        var db = await work.OpenAsync();
        return
        [
            .. await db.QueryAsync<string>(
                "select issuer from external_logins where user_id = @user",
                new { user }
            ),
        ];
    }

    private static Task<Guid?> OwnerAsync(NpgsqlConnection db, ExternalUser external) =>
        db.ExecuteScalarAsync<Guid?>(
            "select user_id from external_logins where issuer = @Issuer and subject = @Subject",
            new { external.Issuer, external.Subject }
        );

    private async Task<(Guid? User, string? Fault)> FindAsync(
        NpgsqlConnection db,
        Provider provider,
        ExternalUser external,
        Actor actor
    )
    {
        if (await OwnerAsync(db, external) is { } owner)
        {
            return (owner, null);
        }

        var email = external.VerifiedEmail;
        var sameEmail = email is null ? [] : await SignInUser.FindByEmailAsync(db, email);
        if (provider.Options.TrustEmail && sameEmail is [var one])
        {
            return await LinkAsync(external, one.Id, actor) ? (one.Id, null) : (null, AddressTaken);
        }

        if (!provider.Options.CreateUsers)
        {
            return (null, sameEmail.Count > 0 ? AddressTaken : NoAccount);
        }

        // A second account with the address would take it from the first.
        return sameEmail.Count > 0
            ? (null, AddressTaken)
            : (await CreateAsync(provider, external, email, actor), NoAccount);
    }

    private async Task<Guid?> CreateAsync(
        Provider provider,
        ExternalUser external,
        string? email,
        Actor actor
    )
    {
        var wanted = ExternalNames.LoginOf(provider, external);
        for (var i = 1; i <= MostLogins; i++)
        {
            var login = i == 1 ? wanted : $"{wanted}-{i}";
            var account = new NewAccount(
                login,
                ExternalNames.NameOf(external, login),
                new Dictionary<string, string>()
            );
            // An address that nobody has verified would let others' mail be sent to who made it up.
            if (await accounts.CreateAsync(account, email ?? "", null, actor) is { } user)
            {
                return await LinkAsync(external, user, actor) ? user : null;
            }
        }

        return null;
    }

    private void Record(string action, string issuer, Guid user, Actor actor) =>
        work.AddAudit(
            actor.Did(
                action,
                new Id<UserKind>(user).ToString(),
                team: null,
                after: new { Issuer = issuer }
            )
        );
}
