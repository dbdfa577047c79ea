using System.Text.Json;
using ApiSvc.Identity.Authorization;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.SecondFactor;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.SignIn;

/// <summary>The end of every way to sign in: the second factor where the user has one, then the session.</summary>
internal sealed class SignInCompletion(
    SessionStore sessions,
    SecondFactorStore secondFactors,
    KnownBrowsers browsers,
    AnonymousForms forms,
    CredentialLog log,
    UnitOfWork work,
    TimeProvider time
)
{
    public const string CodePurpose = "sign-in-code";

    public const string Disabled = "This account is disabled. Ask who runs this platform.";

    /// <summary>Goes on after the first factor. Commits.</summary>
    public async Task<IResult> GoOnAsync(
        HttpContext http,
        SignedInUser? before,
        SignInUser user,
        IReadOnlyList<string> methods,
        string returnPath,
        CancellationToken cancellationToken
    )
    {
        if (!await secondFactors.IsOnAsync(user.Id))
        {
            return await StartAsync(http, before, user, methods, returnPath, cancellationToken);
        }

        // What was found on the way, such as a hash to renew.
        await work.CommitAsync(cancellationToken);
        var state = new SignInState(user.Id, methods, time.GetUtcNow());
        return SignInPages.AskCode(Seal(http, state), returnPath);
    }

    public string Seal(HttpContext http, SignInState state) =>
        forms.Seal(http, CodePurpose, JsonSerializer.Serialize(state));

    /// <summary>Begins the session and sends the browser on. Commits.</summary>
    public async Task<IResult> StartAsync(
        HttpContext http,
        SignedInUser? before,
        SignInUser user,
        IReadOnlyList<string> methods,
        string returnPath,
        CancellationToken cancellationToken
    )
    {
        var db = await work.OpenAsync(cancellationToken);
        // Locked: who was kept out, or got another password, since the first factor was judged, is not let in by the old one.
        if (
            await SignInUser.FindAsync(db, user.Id, isLocked: true) is not { DisabledAt: null } now
            || now.PasswordChangedAt != user.PasswordChangedAt
        )
        {
            return Page.Failure(AnonymousForms.TooOld);
        }

        var actor = new SignedInUser(
            user.Id,
            before?.SessionId ?? Guid.Empty,
            time.GetUtcNow(),
            methods
        ).ToActor(clientId: null, http.Connection.RemoteIpAddress);
        var secret = await sessions.StartAsync(http, before, user.Id, methods, actor);
        await log.AppendAsync();
        await work.CommitAsync(cancellationToken);
        BrowserSessions.Keep(http, secret);
        browsers.Remember(http, user.Id);
        return new SeeOther(returnPath);
    }
}
