using ApiSvc.Identity.Attempts;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Dapper;

namespace ApiSvc.Identity.PasswordReset;

/// <summary>Passwords that are set by a link instead of the old one.</summary>
internal sealed class PasswordResets(
    UnitOfWork work,
    OneTimeLinks links,
    LinkMail mail,
    ProfileStore profiles,
    SessionStore sessions,
    GrantRevocation grants,
    CredentialLog log
)
{
    public const string Purpose = "password-reset";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>Sends a link for each account with the address.</summary>
    public async Task SendAsync(string email, Actor actor, CancellationToken cancellationToken)
    {
        var db = await work.OpenAsync(cancellationToken);
        foreach (var user in await SignInUser.FindByEmailAsync(db, email))
        {
            if (user.DisabledAt is null)
            {
                await SendAsync(user, actor, cancellationToken);
            }
        }

        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Uses the link, sets the password and ends all that came of the one before. Commits.</summary>
    /// <returns>False if the link is good no longer.</returns>
    public async Task<bool> SetAsync(
        string secret,
        string password,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var db = await work.OpenAsync(cancellationToken);
        if (
            await links.UseAsync(Purpose, secret) is not { UserId: { } id }
            || await SignInUser.FindAsync(db, id, isLocked: true) is not { DisabledAt: null } user
        )
        {
            return false;
        }

        await profiles.SetPasswordAsync(id, password, "password.reset", actor);
        await links.CancelAsync(id);
        await sessions.EndAllAsync(id, actor);
        await grants.EndOfUserAsync(id, "password-reset", actor);
        await mail.TellAsync(
            user.Email,
            "Your password was set anew",
            $"The password of your account {user.Login} was set by a link that was sent to this address. You are signed out everywhere. If it was not you, tell who runs this platform.",
            cancellationToken
        );
        // Whoever guessed at the old one is no reason to wait any more.
        await AttemptLimiter.ForgetAsync(db, Attempt.Of(Pace.Account, user.PublicId));
        await log.AppendAsync();
        await work.CommitAsync(cancellationToken);
        return true;
    }

    private async Task SendAsync(SignInUser user, Actor actor, CancellationToken cancellationToken)
    {
        work.AddAudit(actor.Did("password-reset.request", user.PublicId, team: null));
        var db = await work.OpenAsync(cancellationToken);
        var isExternal =
            user.PasswordHash is null
            && await db.ExecuteScalarAsync<bool>(
                "select exists (select from external_logins where user_id = @Id)",
                new { user.Id }
            );
        if (isExternal)
        {
            await mail.SendAsync(
                user.Email,
                "How you sign in",
                $"Somebody, we hope you, wants to set another password for your account {user.Login}. It has none: you sign in with another provider, whose button is on the sign-in page.",
                cancellationToken
            );
            return;
        }

        await links.CancelAsync(user.Id, Purpose);
        var link = await links.CreateAsync(Purpose, ResetPages.Path, user.Id, new { }, Lifetime);
        await mail.SendAsync(
            user.Email,
            "Set another password",
            $"""
            Somebody, we hope you, wants to set another password for your account {user.Login}. Open this link within 30 minutes:

            {link}

            If it was not you, do nothing: your password stays.
            """,
            cancellationToken
        );
    }
}
