using ApiSvc.Identity.Authorization;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.SignOut;

/// <summary>
/// Signs a browser's user out, as a client asks for it (OpenID Connect RP-Initiated Logout 1.0). Everybody may come; what
/// ends is the session of the browser that does, after a question unless the client shows that the session is the one it
/// means.
/// </summary>
internal static class EndSessionEndpoint
{
    public const string Path = "/connect/end-session";
    public const string ConfirmPath = "/connect/end-session/confirm";

    private const string Purpose = "end_session";

    public static void MapSignOut(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, AskAsync);
        browser.MapPost(Path, AskAsync);
        browser.MapPost(ConfirmPath, ConfirmAsync);
    }

    private static async Task<IResult> AskAsync(
        HttpContext http,
        [AsParameters] SignOutServices services,
        CancellationToken cancellationToken
    ) =>
        await AuthorizationParameters.ReadAsync(http.Request, cancellationToken) is { } parameters
            ? await JudgeAsync(http, parameters, services, cancellationToken)
            : Page.Failure(BrowserForm.Unreadable);

    private static async Task<IResult> JudgeAsync(
        HttpContext http,
        AuthorizationParameters parameters,
        SignOutServices services,
        CancellationToken cancellationToken
    )
    {
        var (request, fault) = await services.Reader.ReadAsync(parameters, cancellationToken);
        if (request is null)
        {
            return Page.Failure(fault!);
        }

        if (await services.SignedIn.FindAsync(http, cancellationToken) is not { } user)
        {
            return Leave(request);
        }

        if (request.Session == TokenUser.SidOf(user.SessionId))
        {
            await EndAsync(http, user, request, services, cancellationToken);
            return Leave(request);
        }

        // Section 2: else any page could sign people out.
        return AskPage(services.Forms.Seal(Purpose, user.SessionId, parameters.ToQuery())) with
        {
            FormLeadsTo = request.Address,
        };
    }

    private static async Task<IResult> ConfirmAsync(
        HttpContext http,
        [AsParameters] SignOutServices services,
        CancellationToken cancellationToken
    )
    {
        var sent = await SentForm.ReadAsync(
            http,
            Purpose,
            services.SignedIn,
            services.Forms,
            cancellationToken
        );
        if (sent is not var (user, _, query))
        {
            return Page.Failure(BrowserForm.NotFromHere);
        }

        var (request, fault) = await services.Reader.ReadAsync(
            AuthorizationParameters.OfQuery(query),
            cancellationToken
        );
        if (request is null)
        {
            return Page.Failure(fault!);
        }

        await EndAsync(http, user, request, services, cancellationToken);
        return Leave(request);
    }

    private static async Task EndAsync(
        HttpContext http,
        SignedInUser user,
        SignOutRequest request,
        SignOutServices services,
        CancellationToken cancellationToken
    )
    {
        var actor = user.ToActor(request.Client?.Id, http.Connection.RemoteIpAddress);
        // First, so that nothing is given in it meanwhile.
        await services.End.EndAsync(http, user, cancellationToken);
        await services.Grants.EndOfSessionAsync(user.SessionId, actor);
        services.Work.AddAudit(
            actor.Did("session.end", TokenUser.SidOf(user.SessionId), team: null)
        );
        await services.Log.AppendAsync();
        await services.Work.CommitAsync(cancellationToken);
    }

    private static IResult Leave(SignOutRequest request) =>
        request.Address is { } address
            ? new SeeOther(address)
            : new Page("You are signed out", Html.Of($"<p>You can close this page.</p>"));

    private static Page AskPage(string sealedForm) =>
        new(
            "Sign out?",
            Html.Of(
                $"""
                <form method="post" action="{ConfirmPath}">
                <input type="hidden" name="{FormSeal.Field}" value="{sealedForm}">
                <button type="submit">Sign out</button>
                </form>
                """
            )
        );
}

/// <summary>What signing out works with.</summary>
internal sealed record SignOutServices(
    SignOutReader Reader,
    ISignedIn SignedIn,
    ISessionEnd End,
    GrantRevocation Grants,
    CredentialLog Log,
    FormSeal Forms,
    UnitOfWork Work
);
