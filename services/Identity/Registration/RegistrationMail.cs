using ApiSvc.Identity.Links;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Registration;

/// <summary>An address, as a link for it proves.</summary>
internal sealed record ProvedEmail(string Email);

/// <summary>What an address gets that somebody wants to register.</summary>
internal sealed class RegistrationMail(
    UnitOfWork work,
    OneTimeLinks links,
    LinkMail mail,
    IOptions<TokenOptions> tokens
)
{
    public const string Purpose = "registration";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public async Task SendAsync(string email, Actor actor, CancellationToken cancellationToken)
    {
        var db = await work.OpenAsync(cancellationToken);
        var known = await SignInUser.FindByEmailAsync(db, email);
        if (known is [var user, ..])
        {
            await mail.SendAsync(
                email,
                "You have an account already",
                $"""
                Somebody, we hope you, wants to register this address. It has an account already: {user.Login}. Sign in, or set another password, at

                {tokens.Value.Issuer.TrimEnd('/')}/sign-in
                """,
                cancellationToken
            );
        }
        else
        {
            var link = await links.CreateAsync(
                Purpose,
                RegistrationPages.ConfirmPath,
                user: null,
                new ProvedEmail(email),
                Lifetime
            );
            await mail.SendAsync(
                email,
                "Go on with your registration",
                $"""
                Somebody, we hope you, wants to register this address. Open this link within 24 hours:

                {link}

                If it was not you, do nothing.
                """,
                cancellationToken
            );
        }

        work.AddAudit(
            actor.Did("registration.request", "unknown", team: null, after: new { Email = email })
        );
        await work.CommitAsync(cancellationToken);
    }
}
