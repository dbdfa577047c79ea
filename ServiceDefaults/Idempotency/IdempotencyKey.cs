using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>
/// The <c>Idempotency-Key</c> header (draft-ietf-httpapi-idempotency-key-header section 2): one structured-field
/// string (RFC 9651 section 3.3.3). The same key without its quotes is taken too, since many clients send that.
/// </summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int LongestKey = 255;

    public static bool TryParse(StringValues header, [NotNullWhen(true)] out string? key)
    {
        key = null;
        if (header is not [{ } text])
        {
            return false;
        }

        text = text.Trim(' ');
        var unquoted = text.StartsWith('"') ? Unquote(text) : Bare(text);
        key = unquoted is { Length: > 0 and <= LongestKey } ? unquoted : null;
        return key is not null;
    }

    private static string? Bare(string text) =>
        text.All(c =>
            char.IsAsciiLetterOrDigit(c)
            || c is '-' or '_' or '.' or ':' or '/' or '+' or '=' or '~'
        )
            ? text
            : null;

    private static string? Unquote(string text)
    {
        if (text.Length < 2 || text[^1] != '"')
        {
            return null;
        }

        var key = new System.Text.StringBuilder(text.Length);
        for (var i = 1; i < text.Length - 1; i++)
        {
            var c = text[i];
            if (c == '\\')
            {
                // Only a quote and a backslash can be escaped, and the escape cannot take the closing quote.
                if (++i == text.Length - 1 || text[i] is not ('"' or '\\'))
                {
                    return null;
                }

                c = text[i];
            }
            else if (c is '"' or < ' ' or > '~')
            {
                return null;
            }

            key.Append(c);
        }

        return key.ToString();
    }
}
