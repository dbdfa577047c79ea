using ApiSvc.Identity.Authorization;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Sessions;

namespace ApiSvc.Identity.Account;

/// <summary>
/// Lets users to their own account. What would let a stranger who found an open browser take the account over is for those
/// alone who have just proved who they are; the others are sent to sign in again.
/// </summary>
internal sealed class AccountGate(ISignedIn signedIn, FormSeal forms, TimeProvider time)
{
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);

    /// <returns>Who comes, or where the browser has to go first.</returns>
    public async Task<(SignedInUser? User, IResult? Elsewhere)> EnterAsync(
        HttpContext http,
        string path,
        bool mustBeRecent,
        CancellationToken cancellationToken
    ) =>
        await signedIn.FindAsync(http, cancellationToken) is { } user
        && (!mustBeRecent || IsRecent(user))
            ? (user, null)
            : (null, new SeeOther(signedIn.SignInUrl(path)));

    /// <returns>What the user sent, or what is answered instead.</returns>
    public async Task<(SentForm? Sent, IResult? Elsewhere)> ReadAsync(
        HttpContext http,
        string path,
        bool mustBeRecent,
        CancellationToken cancellationToken
    )
    {
        var sent = await SentForm.ReadAsync(http, path, signedIn, forms, cancellationToken);
        return sent switch
        {
            null => (null, Page.Failure(BrowserForm.NotFromHere)),
            _ when mustBeRecent && !IsRecent(sent.User) => (
                null,
                new SeeOther(signedIn.SignInUrl(AccountEndpoints.Path))
            ),
            _ => (sent, null),
        };
    }

    /// <summary>For a form that leads to the path.</summary>
    public string Seal(SignedInUser user, string path) => forms.Seal(path, user.SessionId, "");

    private bool IsRecent(SignedInUser user) => time.GetUtcNow() - user.AuthenticatedAt < Recent;
}
