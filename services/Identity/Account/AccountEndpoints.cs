using ApiSvc.Identity.Authorization;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.SecondFactor;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.SignIn;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.Account;

/// <summary>The page on which users see and change what is their own. Everybody may come, and has to sign in.</summary>
internal static class AccountEndpoints
{
    public const string Path = "/account";
    public const string NamePath = "/account/name";
    public const string EndSessionPath = "/account/sessions/end";
    public const string EndAllPath = "/account/sessions/end-all";
    public const string WithdrawPath = "/account/clients/withdraw";
    public const string SignOutPath = "/account/sign-out";

    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        var browser = routes.MapGroup("").TakeProtocolForms();
        browser.MapGet(Path, ShowAsync);
        browser.MapPost(NamePath, RenameAsync);
        browser.MapPost(EndSessionPath, EndSessionAsync);
        browser.MapPost(EndAllPath, EndAllAsync);
        browser.MapPost(WithdrawPath, WithdrawAsync);
        browser.MapPost(SignOutPath, SignOutAsync);
    }

    /// <summary>Back to the page, which says what was done.</summary>
    public static IResult Done(string what) => new SeeOther($"{Path}?done={what}");

    private static async Task<IResult> ShowAsync(
        HttpContext http,
        [AsParameters] AccountServices services,
        CancellationToken cancellationToken
    )
    {
        var (user, elsewhere) = await services.Gate.EnterAsync(
            http,
            Path,
            mustBeRecent: false,
            cancellationToken
        );
        if (user is null)
        {
            return elsewhere!;
        }

        // Before the unit of work has a connection.
        var clients = await services.Clients.ListAsync(user.UserId, cancellationToken);
        var db = await services.Work.OpenAsync(cancellationToken);
        return await SignInUser.FindAsync(db, user.UserId) is { } account
            ? AccountPage.Of(
                account,
                user,
                new AccountState(
                    await services.Sessions.ListAsync(user.UserId),
                    clients,
                    await services.SecondFactors.IsOnAsync(user.UserId),
                    await services.SecondFactors.CountRecoveryCodesAsync(user.UserId),
                    services.Offers.Providers.Count > 0
                ),
                services.Gate,
                http.Request.Query["done"]
            )
            : elsewhere ?? Page.Failure(BrowserForm.NotFromHere);
    }

    private static async Task<IResult> RenameAsync(
        HttpContext http,
        [AsParameters] AccountServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await ReadAsync(http, NamePath, services, cancellationToken);
        if (sent is null)
        {
            return elsewhere!;
        }

        var name = sent.Fields["name"].ToString().Trim();
        if (name.Length is 0 or > Words.LongestName || name.Any(char.IsControl))
        {
            return Page.Failure($"The name must have 1 to {Words.LongestName} characters.");
        }

        await services.Profiles.ChangeAsync(
            sent.User.UserId,
            u => u with { Name = name },
            "user.update",
            sent.ToActor(http)
        );
        await services.Work.CommitAsync(cancellationToken);
        return Done("name");
    }

    private static async Task<IResult> EndSessionAsync(
        HttpContext http,
        [AsParameters] AccountServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await ReadAsync(http, EndSessionPath, services, cancellationToken);
        if (sent is null)
        {
            return elsewhere!;
        }

        if (!Guid.TryParseExact(sent.Fields["session"], "N", out var session))
        {
            return Page.Failure(BrowserForm.Unreadable);
        }

        await services.Sessions.EndAsync(sent.User.UserId, session, sent.ToActor(http));
        await services.FinishAsync(cancellationToken);
        return Done("session");
    }

    private static async Task<IResult> EndAllAsync(
        HttpContext http,
        [AsParameters] AccountServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await ReadAsync(http, EndAllPath, services, cancellationToken);
        if (sent is null)
        {
            return elsewhere!;
        }

        await services.Sessions.EndAllAsync(sent.User.UserId, sent.ToActor(http));
        await services.FinishAsync(cancellationToken);
        BrowserSessions.Forget(http);
        return SignedOut("You are signed out everywhere");
    }

    private static async Task<IResult> WithdrawAsync(
        HttpContext http,
        [AsParameters] AccountServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await ReadAsync(http, WithdrawPath, services, cancellationToken);
        if (sent is null)
        {
            return elsewhere!;
        }

        await services.Clients.WithdrawAsync(
            sent.User.UserId,
            sent.Fields["client"].ToString(),
            sent.ToActor(http)
        );
        await services.FinishAsync(cancellationToken);
        return Done("client");
    }

    private static async Task<IResult> SignOutAsync(
        HttpContext http,
        [AsParameters] AccountServices services,
        CancellationToken cancellationToken
    )
    {
        var (sent, elsewhere) = await ReadAsync(http, SignOutPath, services, cancellationToken);
        if (sent is null)
        {
            return elsewhere!;
        }

        await services.Sessions.EndAsync(sent.User.UserId, sent.User.SessionId, sent.ToActor(http));
        await services.FinishAsync(cancellationToken);
        BrowserSessions.Forget(http);
        return SignedOut("You are signed out");
    }

    private static Page SignedOut(string title) =>
        new(
            title,
            Html.Of($"<p>You can close this page, or <a href=\"/sign-in\">sign in again</a>.</p>")
        );

    private static Task<(SentForm? Sent, IResult? Elsewhere)> ReadAsync(
        HttpContext http,
        string path,
        AccountServices services,
        CancellationToken cancellationToken
    ) => services.Gate.ReadAsync(http, path, mustBeRecent: false, cancellationToken);
}

/// <summary>What the account's page works with.</summary>
internal sealed record AccountServices(
    AccountGate Gate,
    SessionStore Sessions,
    SecondFactorStore SecondFactors,
    ClientAccess Clients,
    ProfileStore Profiles,
    SignInOffers Offers,
    CredentialLog Log,
    UnitOfWork Work
)
{
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await Log.AppendAsync();
        await Work.CommitAsync(cancellationToken);
    }
}
