using ApiSvc.Identity.Sessions;

namespace ApiSvc.Identity.Pages;

/// <summary>Forms for people who are not signed in, bound to their browser instead of a session.</summary>
internal sealed class AnonymousForms(FormSeal forms)
{
    public const string TooOld =
        "This page was open for too long, or your browser does not keep cookies. Please try again.";

    public string Seal(HttpContext http, string purpose, string content = "") =>
        forms.Seal(purpose, BrowserBinding.Ensure(http), content);

    /// <returns>What was entered and what was sealed; null if the form was not made for this browser and purpose, or too long ago.</returns>
    public async Task<(IFormCollection Fields, string Content)?> ReadAsync(
        HttpContext http,
        string purpose,
        CancellationToken cancellationToken
    ) =>
        BrowserBinding.Find(http) is { } browser
        && await BrowserForm.ReadAsync(http.Request, cancellationToken) is { } fields
        && forms.Open(purpose, browser, fields[FormSeal.Field]) is { } content
            ? (fields, content)
            : null;
}
