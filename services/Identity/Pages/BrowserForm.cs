using Microsoft.AspNetCore.Http.Features;

namespace ApiSvc.Identity.Pages;

/// <summary>Forms that browsers send.</summary>
internal static class BrowserForm
{
    public const string Unreadable = "The form could not be read.";

    public const string NotFromHere =
        "This page is too old, or you are signed in as another user by now. Go back to where you came from and begin again.";

    private static readonly FormOptions Limits = new()
    {
        KeyLengthLimit = 128,
        ValueLengthLimit = 12 * 1024,
        ValueCountLimit = 64,
    };

    /// <returns>Null if it is no form, malformed or too long.</returns>
    public static async Task<IFormCollection?> ReadAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return request.HasFormContentType
                ? await request.ReadFormAsync(Limits, cancellationToken)
                : null;
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }
}
