using ApiSvc.Identity.Sessions;

namespace ApiSvc.Identity.Pages;

/// <summary>A form of this service's own that came back from the user whom it was shown to.</summary>
/// <param name="User">Who sent it.</param>
/// <param name="Fields">What was entered.</param>
/// <param name="Content">What was sealed in it.</param>
internal sealed record SentForm(SignedInUser User, IFormCollection Fields, string Content)
{
    /// <returns>Null if it is none of this purpose, too old, or of another session.</returns>
    public static async Task<SentForm?> ReadAsync(
        HttpContext http,
        string purpose,
        ISignedIn signedIn,
        FormSeal forms,
        CancellationToken cancellationToken
    ) =>
        await BrowserForm.ReadAsync(http.Request, cancellationToken) is { } fields
        && await signedIn.FindAsync(http, cancellationToken) is { } user
        && forms.Open(purpose, user.SessionId, fields[FormSeal.Field]) is { } content
            ? new(user, fields, content)
            : null;
}
