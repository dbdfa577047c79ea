using ApiSvc.Identity.Attempts;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Registration;

/// <summary>
/// Where people ask for an account: first the e-mail address is proved by a link, then they say who they are, then somebody
/// decides. What is answered first is the same whether the address is known or not.
/// </summary>
internal static class RegistrationPages
{
    public const string Path = "/register";
    public const string ConfirmPath = "/register/confirm";

    private const string Purpose = "registration";

    public static void MapRegistrationPages(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, Show);
        browser.MapPost(Path, AskAsync);
        browser.MapGet(ConfirmPath, OpenAsync);
        browser.MapPost(ConfirmPath, ConfirmAsync);
    }

    private static Page Show(HttpContext http, [AsParameters] RegistrationServices services) =>
        services.IsOff ? Off : AskEmail(services.Forms.Seal(http, Path));

    private static async Task<IResult> AskAsync(
        HttpContext http,
        [AsParameters] RegistrationServices services,
        CancellationToken cancellationToken
    )
    {
        if (services.IsOff)
        {
            return Off;
        }

        if (await services.Forms.ReadAsync(http, Path, cancellationToken) is not var (fields, _))
        {
            return AskEmail(services.Forms.Seal(http, Path), fault: AnonymousForms.TooOld);
        }

        var email = fields["email"].ToString().Trim();
        if (!MailAddressesAttribute.IsAddress(email))
        {
            return AskEmail(
                services.Forms.Seal(http, Path),
                email,
                "Enter an address such as ada@example.org."
            );
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
            return AskEmail(
                services.Forms.Seal(http, Path),
                email,
                wait.Tell(http, services.Time.GetUtcNow())
            ) with
            {
                Status = StatusCodes.Status429TooManyRequests,
            };
        }

        var actor = Actor.Of(http);
        services.Deferred.Post(
            (scope, token) =>
                scope.GetRequiredService<RegistrationMail>().SendAsync(email, actor, token)
        );
        return new Page(
            "Look into your mailbox",
            Html.Of(
                $"<p>We have sent a message to <strong>{email}</strong>. It says how it goes on.</p>"
            )
        );
    }

    private static async Task<IResult> OpenAsync(
        HttpContext http,
        [AsParameters] RegistrationServices services
    )
    {
        var secret = http.Request.Query[OneTimeLinks.Parameter].ToString();
        return services.IsOff ? Off
            : await services.Links.FindAsync(RegistrationMail.Purpose, secret) is { } link
                ? AskAccount(
                    services.Forms.Seal(http, Purpose, secret),
                    link.Read<ProvedEmail>().Email,
                    new NewAccount("", "", new Dictionary<string, string>())
                )
            : LinkPages.Bad;
    }

    private static async Task<IResult> ConfirmAsync(
        HttpContext http,
        [AsParameters] RegistrationServices services,
        CancellationToken cancellationToken
    )
    {
        if (services.IsOff)
        {
            return Off;
        }

        if (
            await services.Forms.ReadAsync(http, Purpose, cancellationToken)
                is not var (fields, secret)
            || await services.Links.FindAsync(RegistrationMail.Purpose, secret) is not { } link
        )
        {
            return LinkPages.Bad;
        }

        var email = link.Read<ProvedEmail>().Email;
        var account = NewAccount.Read(fields, email);
        if (account.Faults.Count == 0)
        {
            if (await services.Links.UseAsync(RegistrationMail.Purpose, secret) is null)
            {
                return LinkPages.Bad;
            }

            // Unless it is added nothing is committed, and the link stays good.
            var isAdded = await services.Registrations.AddAsync(
                account,
                email,
                fields[NewAccount.Password].ToString(),
                Actor.Of(http),
                cancellationToken
            );
            if (isAdded)
            {
                await services.Work.CommitAsync(cancellationToken);
                return new Page(
                    "You are nearly there",
                    Html.Of(
                        $"<p>Somebody who runs this platform decides now. We will write to <strong>{email}</strong>.</p>"
                    )
                );
            }

            account = account.WithLoginTaken();
        }

        return AskAccount(services.Forms.Seal(http, Purpose, secret), email, account) with
        {
            Status = StatusCodes.Status400BadRequest,
        };
    }

    private static Page Off =>
        Page.Failure(
            "Nobody can register here. Ask somebody of your team to invite you.",
            StatusCodes.Status404NotFound
        );

    private static Page AskEmail(string sealedForm, string email = "", string? fault = null) =>
        new(
            "Register",
            Html.Of(
                $"""
                {Form.Fault(fault)}<p>We send you a link first, to see that the address is yours. Then you say who you are, and somebody who runs this platform lets you in.</p>
                {Form.Of(
                    Path,
                    sealedForm,
                    "Send the link",
                    new Field("email", "E-mail address") { Type = "email", AutoComplete = "email", Value = email }
                )}<p class="links"><a href="/sign-in">Back to signing in</a></p>
                """
            )
        )
        {
            Status = fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };

    private static Page AskAccount(string sealedForm, string email, NewAccount account) =>
        new(
            "Who are you?",
            Html.Of(
                $"""
                <p>This makes an account for <strong>{email}</strong>.</p>
                {Form.Of(ConfirmPath, sealedForm, "Ask for the account", account.Fields())}
                """
            )
        );
}

/// <summary>What registering works with.</summary>
internal sealed record RegistrationServices(
    IOptions<RegistrationOptions> Options,
    RegistrationStore Registrations,
    AttemptLimiter Limiter,
    DeferredWork Deferred,
    OneTimeLinks Links,
    AnonymousForms Forms,
    UnitOfWork Work,
    TimeProvider Time
)
{
    public bool IsOff => !Options.Value.Enabled;
}
