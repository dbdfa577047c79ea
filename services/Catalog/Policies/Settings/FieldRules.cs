using System.Buffers;
using System.Net;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary>What single texts in settings must be: null, or what is wrong.</summary>
internal static class FieldRules
{
    // RFC 9110 section 5.6.2.
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    public static string? Token(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters)
            ? null
            : "This is a name of letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 section 5.6.2).";

    public static string? Method(string text) =>
        Token(text) is null && !text.Any(char.IsAsciiLetterLower)
            ? null
            : "This is a method in capitals, such as GET.";

    /// <summary>RFC 9110 section 5.5.</summary>
    public static string? FieldValue(string text) =>
        text.All(c => c is '\t' or (>= ' ' and <= '~') or (>= '\u0080' and <= '\u00FF'))
        && text.Trim(' ', '\t') == text
            ? null
            : "A value has no line ends or other control characters, and no blanks around it (RFC 9110 section 5.5).";

    public static string? Network(string text) =>
        IPAddress.TryParse(text, out _) || IsNetwork(text)
            ? null
            : "This is an address, or a network such as 10.0.0.0/8 or 2001:db8::/32, without bits after its prefix.";

    // The platform's reader takes bits after the prefix and drops them.
    private static bool IsNetwork(string text) =>
        IPNetwork.TryParse(text, out var network)
        && IPAddress.TryParse(
            text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal)),
            out var address
        )
        && network.BaseAddress.Equals(address);

    public static string? Origin(string text) =>
        text == "*"
        || (
            Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.GetLeftPart(UriPartial.Authority) == text
            && uri.UserInfo.Length == 0
        )
            ? null
            : "This is an origin as browsers send it, such as https://app.example, or *.";

    public static string? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? null
            : "This is an absolute http or https address.";

    public static string? NotEmpty(string text) =>
        text.Length > 0 && !text.Any(char.IsControl) ? null : "This must not be empty.";
}
