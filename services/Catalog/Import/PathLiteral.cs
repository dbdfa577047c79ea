using System.Globalization;
using System.Text;

namespace ApiSvc.Catalog.Import;

/// <summary>Text of a path template in the form in which requests have it (RFC 3986 sections 2.3 and 6.2.2).</summary>
internal static class PathLiteral
{
    private const string Unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private const string Plain = Unreserved + "/!$&'()*+,;=:@";

    /// <summary>Writes it: unreserved characters as they are, what no path has encoded as UTF-8.</summary>
    /// <returns>Why no request has it; null if one can.</returns>
    public static string? Append(string text, StringBuilder form)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '?' or '#')
            {
                return $"'{text[i]}' and what follows it are not part of a path";
            }

            if (text[i] == '%' && Encoded(text.AsSpan(i + 1)) is { } value)
            {
                if (IsRefused((char)value))
                {
                    return $"'%{value:X2}' stands in it, which no path may have";
                }

                form.Append(
                    Unreserved.Contains((char)value, StringComparison.Ordinal)
                        ? $"{(char)value}"
                        : $"%{value:X2}"
                );
                i += 2;
            }
            else if (Plain.Contains(text[i], StringComparison.Ordinal))
            {
                form.Append(text[i]);
            }
            else if (IsRefused(text[i]))
            {
                return $"'{(text[i] == '\\' ? @"\" : $"%{(int)text[i]:X2}")}' stands in it, which no path may have";
            }
            else
            {
                var length = char.IsSurrogatePair(text, i) ? 2 : 1;
                form.Append(Uri.EscapeDataString(text.AsSpan(i, length)));
                i += length - 1;
            }
        }

        return null;
    }

    private static bool IsRefused(char value) => value is '/' or '\\' or < ' ' or '\x7F';

    private static int? Encoded(ReadOnlySpan<char> digits) =>
        digits.Length >= 2
        && int.TryParse(
            digits[..2],
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var value
        )
            ? value
            : null;
}
