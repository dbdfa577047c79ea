using ApiSvc.Identity.Account;
using ApiSvc.Identity.Authorization;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.SignIn;
using ApiSvc.ServiceDefaults.Audit;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>
/// Signs people in by what an OpenID Connect provider says of them (OpenID Connect Core 1.0 section 3.1, with PKCE). Everybody
/// may come; what comes back has to answer what the same browser has begun.
/// </summary>
internal static partial class ExternalEndpoints
{
    /// <summary>The purpose of the form that leads to a provider to add it to an account.</summary>
    public const string LinkPurpose = "external-link";

    /// <summary>The parameter that carries it.</summary>
    public const string Ticket = "ticket";

    private const string Failed =
        "Signing in with this provider did not work. Try again, or sign in another way.";

    public static string PathOf(string provider) => $"/sign-in/external/{provider}";

    public static string CallbackPathOf(string provider) => $"{PathOf(provider)}/callback";

    public static void MapExternalSignIn(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet("/sign-in/external/{provider}", BeginAsync);
        browser.MapGet("/sign-in/external/{provider}/callback", EndAsync);
    }

    private static async Task<IResult> BeginAsync(
        HttpContext http,
        string provider,
        [AsParameters] ExternalServices services,
        CancellationToken cancellationToken
    )
    {
        Guid? linkTo = null;
        if (http.Request.Query[Ticket].ToString() is { Length: > 0 } ticket)
        {
            // Made by a form of the user's own: no other site can add a way in.
            if (
                await services.SignedIn.FindAsync(http, cancellationToken) is not { } user
                || services.SessionForms.Open(LinkPurpose, user.SessionId, ticket) != provider
            )
            {
                return Page.Failure(BrowserForm.NotFromHere);
            }

            linkTo = user.SessionId;
        }

        try
        {
            if (await services.Providers.FindAsync(provider, cancellationToken) is not { } to)
            {
                return Unknown;
            }

            var attempt = ExternalAttempt.Begin(
                provider,
                ReturnPath.Of(http.Request),
                linkTo,
                services.Time.GetUtcNow()
            );
            services.Attempts.Keep(http, attempt);
            return new SeeOther(ProviderExchange.AddressOf(to, attempt));
        }
        catch (ProviderException e)
        {
            Log.Failed(services.Logger, provider, e.Message);
            return Page.Failure(
                "The provider cannot be reached now. Try again later, or sign in another way.",
                StatusCodes.Status503ServiceUnavailable
            );
        }
    }

    private static async Task<IResult> EndAsync(
        HttpContext http,
        string provider,
        [AsParameters] ExternalServices services,
        CancellationToken cancellationToken
    )
    {
        var query = http.Request.Query;
        if (services.Attempts.Take(http, provider, query["state"]) is not { } attempt)
        {
            return Page.Failure(
                "This answer belongs to nothing that was begun at this browser in the last ten minutes. Sign in again."
            );
        }

        try
        {
            if (await services.Providers.FindAsync(provider, cancellationToken) is not { } from)
            {
                return Unknown;
            }

            var (user, fault) = await ProviderExchange.ReadAsync(
                from,
                attempt,
                query,
                services,
                cancellationToken
            );
            if (user is null)
            {
                return await FailAsync(http, provider, fault!, services);
            }

            return attempt.LinkTo is { } session
                ? await LinkAsync(http, user, session, services, cancellationToken)
                : await SignInAsync(http, from, user, attempt, services, cancellationToken);
        }
        catch (ProviderException e)
        {
            return await FailAsync(http, provider, e.Message, services);
        }
    }

    private static async Task<IResult> SignInAsync(
        HttpContext http,
        Provider provider,
        ExternalUser external,
        ExternalAttempt attempt,
        ExternalServices services,
        CancellationToken cancellationToken
    )
    {
        // Before the unit of work has a connection.
        var before = await services.SignedIn.FindAsync(http, cancellationToken);
        var actor = Actor.Of(http);
        var (user, fault) = await services.Logins.ResolveAsync(provider, external, actor);
        if (user is null)
        {
            return Page.Failure(fault!, StatusCodes.Status403Forbidden);
        }

        if (user.DisabledAt is not null)
        {
            await services.Work.RecordRefusalAsync(actor, user.PublicId, "disabled");
            return Page.Failure(SignInCompletion.Disabled, StatusCodes.Status403Forbidden);
        }

        return await services.Completion.GoOnAsync(
            http,
            before,
            user,
            external.AuthenticationMethods,
            attempt.ReturnPath,
            cancellationToken
        );
    }

    private static async Task<IResult> LinkAsync(
        HttpContext http,
        ExternalUser external,
        Guid session,
        ExternalServices services,
        CancellationToken cancellationToken
    )
    {
        if (
            await services.SignedIn.FindAsync(http, cancellationToken) is not { } user
            || user.SessionId != session
        )
        {
            return Page.Failure(BrowserForm.NotFromHere);
        }

        var actor = user.ToActor(clientId: null, http.Connection.RemoteIpAddress);
        if (!await services.Logins.LinkAsync(external, user.UserId, actor))
        {
            return Page.Failure(
                "This way to sign in belongs to another account, or your account has another one at this provider."
            );
        }

        await services.Work.CommitAsync(cancellationToken);
        return AccountEndpoints.Done("login");
    }

    private static async Task<IResult> FailAsync(
        HttpContext http,
        string provider,
        string fault,
        ExternalServices services
    )
    {
        Log.Failed(services.Logger, provider, fault);
        await services.Work.RecordRefusalAsync(Actor.Of(http), user: null, "external");
        return Page.Failure(Failed);
    }

    private static Page Unknown =>
        Page.Failure("There is no such provider.", StatusCodes.Status404NotFound);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Nobody was signed in by the provider '{Provider}': {Reason}"
        )]
        public static partial void Failed(ILogger logger, string provider, string reason);
    }
}
