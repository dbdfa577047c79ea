using ApiSvc.Identity.Authorization;
using ApiSvc.Identity.Rules;
using Microsoft.AspNetCore.WebUtilities;

namespace ApiSvc.Identity.SignIn;

/// <summary>Where a browser goes once somebody is signed in: a path at this service, so that no link leads away.</summary>
internal static class ReturnPath
{
    public const string Parameter = "return";
    public const string Default = "/account";

    private const int Longest = 12 * 1024;
    private static readonly Uri Here = new("https://here.invalid");

    public static string Of(HttpRequest request) => Judge(request.Query[Parameter]);

    /// <returns>The path, or the account's page for what leads elsewhere.</returns>
    public static string Judge(string? path) =>
        path is { Length: > 0 and <= Longest }
        && path[0] == '/'
        // Browsers read a backslash as a slash, and skip tabs and line breaks (URL standard, section 4.4).
        && !path.Any(c => c == '\\' || char.IsControl(c))
        && !path.StartsWith("//", StringComparison.Ordinal)
        && Uri.TryCreate(Here, path, out var uri)
        && uri.Host == Here.Host
            ? path
            : Default;

    public static string With(string path, string returnPath) =>
        $"{path}?{Parameter}={Uri.EscapeDataString(returnPath)}";

    /// <summary>
    /// The address that the client's request at the end of the path leads to: browsers judge all redirects that answer a form.
    /// Whether it is the client's is for the authorization endpoint to say.
    /// </summary>
    public static string? FindClientAddress(string returnPath)
    {
        var query = returnPath.IndexOf('?', StringComparison.Ordinal);
        if (query < 0 || returnPath[..query] != AuthorizeEndpoint.Path)
        {
            return null;
        }

        var address = QueryHelpers.ParseQuery(returnPath[query..])["redirect_uri"].ToString();
        return address.Length > 0 && RedirectUri.FindFault(address) is null ? address : null;
    }
}
