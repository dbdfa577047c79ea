using System.Net;

namespace ApiSvc.Identity.Rules;

/// <summary>Addresses that a browser may be sent back to.</summary>
internal static class RedirectUri
{
    public const int Longest = 2000;

    private const string Words =
        "is neither an https address nor a loopback address such as http://127.0.0.1/callback (the port is free then), or has a fragment, a user or characters beyond ASCII";

    /// <returns>Why it may not be registered (RFC 6749 section 3.1.2, RFC 8252 section 7.3); null if it may.</returns>
    public static string? FindFault(string text) =>
        text.Length <= Longest
        && text.All(c => c is > ' ' and <= '~' and not ('\\' or '"' or '<' or '>'))
        && !text.Contains('#', StringComparison.Ordinal)
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.UserInfo.Length == 0
        && uri.Host.Length > 0
        && (uri.Scheme == Uri.UriSchemeHttps || IsLoopback(uri))
            ? null
            : Words;

    /// <summary>
    /// Whether it is one of those registered, character by character (RFC 9700 section 4.1.3). Only the port of a loopback
    /// address is the program's own choice (RFC 8252 section 7.3).
    /// </summary>
    public static bool IsAmong(string given, IEnumerable<string> registered) =>
        registered.Any(r => given == r || IsSameBesidePort(given, r));

    /// <summary>The origin of an address that may be registered, as browsers write it (RFC 6454 section 6.2).</summary>
    public static string OriginOf(string text) =>
        new Uri(text).GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>Whether it is on the machine of the browser, in plain HTTP.</summary>
    public static bool IsLoopback(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsLoopback(uri);

    // Names are left out: who answers for localhost is up to the machine (RFC 8252 section 8.3).
    private static bool IsLoopback(Uri uri) =>
        uri.Scheme == Uri.UriSchemeHttp
        && IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address)
        && (address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback));

    private static bool IsSameBesidePort(string given, string registered) =>
        FindFault(given) is null
        && Uri.TryCreate(given, UriKind.Absolute, out var a)
        && Uri.TryCreate(registered, UriKind.Absolute, out var b)
        && IsLoopback(a)
        && IsLoopback(b)
        && WithoutPort(given, a) == WithoutPort(registered, b);

    // The text itself, not the parsed form, in which "/a/../b" would be "/b".
    private static string WithoutPort(string text, Uri uri)
    {
        var port = $":{uri.Port}";
        var host = text.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = text.IndexOfAny(['/', '?'], host);
        var authority = end < 0 ? text[host..] : text[host..end];
        return (
                authority.EndsWith(port, StringComparison.Ordinal)
                    ? authority[..^port.Length]
                    : authority
            ) + (end < 0 ? "" : text[end..]);
    }
}
