using ApiSvc.Identity.Attempts;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Identity.Account;

/// <summary>Where users change their e-mail address, by a link that is sent to the new one.</summary>
internal static class EmailPages
{
    public const string Path = "/account/email";
    public const string ConfirmPath = "/account/email/confirm";

    private const string Purpose = "email-change";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    public static void MapEmailPages(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, ShowAsync);
        browser.MapPost(Path, SendAsync);
        browser.MapGet(ConfirmPath, OpenAsync);
        browser.MapPost(ConfirmPath, ConfirmAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http,
        [AsParameters] EmailServices services,
        CancellationToken cancellationToken
    )
    {
        var (user, elsewhere) = await services.Gate.EnterAsync(
            http,
            Path,
            mustBeRecent: true,
            cancellationToken
        );
        return user is null ? elsewhere! : Ask(services.Gate.Seal(user, Path));
    }

    private static async Task<IResult> SendAsync(
        HttpContext http,
        [AsParameters] EmailServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await services.Gate.ReadAsync(
            http,
            Path,
            mustBeRecent: true,
            cancellationToken
        );
        if (sent is not var (user, fields, _))
        {
            return elsewhere!;
        }

        var email = fields["email"].ToString().Trim();
        if (!MailAddressesAttribute.IsAddress(email))
        {
            return Ask(
                services.Gate.Seal(user, Path),
                email,
                "Must be an address such as ada@example.org."
            ) with
            {
                Status = StatusCodes.Status400BadRequest,
            };
        }

        if (
            await services.Limiter.BeginAsync(
                cancellationToken,
                Attempt.From(Pace.MailFrom, http.Connection.RemoteIpAddress),
                Attempt.Of(Pace.MailTo, SignInUser.Normalize(email))
            ) is
            { } wait
        )
        {
            return Ask(
                services.Gate.Seal(user, Path),
                email,
                wait.Tell(http, services.Time.GetUtcNow())
            ) with
            {
                Status = StatusCodes.Status429TooManyRequests,
            };
        }

        await SendLinkAsync(email, user.UserId, sent.ToActor(http), services, cancellationToken);
        return AccountEndpoints.Done("email-sent");
    }

    private static async Task SendLinkAsync(
        string email,
        Guid user,
        Actor actor,
        EmailServices services,
        CancellationToken cancellationToken
    )
    {
        await services.Links.CancelAsync(user, Purpose);
        var link = await services.Links.CreateAsync(
            Purpose,
            ConfirmPath,
            user,
            new NewEmail(email),
            Lifetime
        );
        await services.Mail.SendAsync(
            email,
            "Confirm your new e-mail address",
            $"""
            Somebody, we hope you, wants this to be the e-mail address of an account. Open this link within two hours:

            {link}

            If it was not you, do nothing.
            """,
            cancellationToken
        );
        services.Work.AddAudit(
            actor.Did(
                "email-change.request",
                new Id<UserKind>(user).ToString(),
                team: null,
                after: new { Email = email }
            )
        );
        await services.Work.CommitAsync(cancellationToken);
    }

    private static async Task<IResult> OpenAsync(
        HttpContext http,
        [AsParameters] EmailServices services
    )
    {
        var secret = http.Request.Query[OneTimeLinks.Parameter].ToString();
        return await services.Links.FindAsync(Purpose, secret) is { } link
            ? new Page(
                "Confirm your new e-mail address",
                Html.Of(
                    $"<p>Your e-mail address will be <strong>{link.Read<NewEmail>().Email}</strong>.</p>{Form.Of(ConfirmPath, services.Forms.Seal(http, Purpose, secret), "Confirm")}"
                )
            )
            : LinkPages.Bad;
    }

    private static async Task<IResult> ConfirmAsync(
        HttpContext http,
        [AsParameters] EmailServices services,
        CancellationToken cancellationToken
    )
    {
        if (
            await services.Forms.ReadAsync(http, Purpose, cancellationToken) is not var (_, secret)
            || await services.Links.UseAsync(Purpose, secret) is not { UserId: { } user } link
        )
        {
            return LinkPages.Bad;
        }

        var email = link.Read<NewEmail>().Email;
        // Whoever has the link is the user, who alone could have it sent to an own address.
        var actor = Actor.Of(http);
        var before = await services.Profiles.ChangeAsync(
            user,
            u => u with { Email = email },
            "email.change",
            actor
        );
        if (before is null)
        {
            return LinkPages.Bad;
        }

        await services.Mail.TellAsync(
            before.Email,
            "Your e-mail address was changed",
            $"The e-mail address of your account {before.Login} is another one now. If it was not you, tell who runs this platform.",
            cancellationToken
        );
        await services.Work.CommitAsync(cancellationToken);
        return new Page(
            "Your e-mail address was changed",
            Html.Of($"<p><a href=\"{AccountEndpoints.Path}\">Go to your account</a></p>")
        );
    }

    private static Page Ask(string sealedForm, string email = "", string? fault = null) =>
        new(
            "Change your e-mail address",
            Html.Of(
                $"""
                <p>We send a link to the new address. Until you open it, the old one stays.</p>
                {Form.Of(
                    Path,
                    sealedForm,
                    "Send the link",
                    new Field("email", "New e-mail address") { Type = "email", AutoComplete = "email", Value = email, Error = fault }
                )}<p class="links"><a href="{AccountEndpoints.Path}">Back to your account</a></p>
                """
            )
        );

    private sealed record NewEmail(string Email);
}

/// <summary>What changing an e-mail address works with.</summary>
internal sealed record EmailServices(
    AccountGate Gate,
    AttemptLimiter Limiter,
    OneTimeLinks Links,
    LinkMail Mail,
    ProfileStore Profiles,
    AnonymousForms Forms,
    UnitOfWork Work,
    TimeProvider Time
);
