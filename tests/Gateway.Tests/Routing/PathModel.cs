using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ApiSvc.Gateway.Tests.Routing;

/// <summary>The rule of docs/decisions/0006, written for reading and not for speed.</summary>
internal static partial class PathModel
{
    /// <returns>Null where it is refused.</returns>
    public static string? Normalize(string raw)
    {
        if (
            raw.Any(c => c is < '!' or > '~' or '\\' or '#')
            || BadPercent().IsMatch(raw)
            || Regex.IsMatch(raw, "%(2f|5c|[01].|7f)", RegexOptions.IgnoreCase)
            || Regex.IsMatch(raw, "%25(25)*(2e|2f|5c)", RegexOptions.IgnoreCase)
        )
        {
            return null;
        }

        var text = Regex.Replace(raw, "[\"<>\\[\\]^`{|}]", m => $"%{(int)m.Value[0]:X2}");
        text = Regex.Replace(text, "%(..)", m => Unreserved(m.Groups[1].Value));
        var done = new List<string>();
        var parts = text.Split('/')[1..];
        var hasEmpty = false;
        for (var i = 0; i < parts.Length; i++)
        {
            var isLast = i == parts.Length - 1;
            var name = parts[i].Split(';')[0];
            if (parts[i].Contains(';') && name is "" or "." or ".." && name != parts[i])
            {
                return null;
            }

            switch (parts[i])
            {
                case "" when !isLast:
                    hasEmpty = true;
                    continue;
                case "." or "..":
                    if (parts[i] == ".." && (hasEmpty || done.Count == 0))
                    {
                        return null;
                    }

                    if (parts[i] == "..")
                    {
                        done.RemoveAt(done.Count - 1);
                    }

                    if (isLast)
                    {
                        done.Add("");
                    }

                    continue;
                default:
                    done.Add(parts[i]);
                    continue;
            }
        }

        return HasBrokenUtf8(text) ? null : "/" + string.Join('/', done);
    }

    private static string Unreserved(string hex)
    {
        var value = (char)byte.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return char.IsAsciiLetterOrDigit(value) || value is '-' or '.' or '_' or '~'
            ? value.ToString()
            : "%" + hex.ToUpperInvariant();
    }

    private static bool HasBrokenUtf8(string text)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        foreach (Match run in Regex.Matches(text, "(%[89A-F].)+"))
        {
            try
            {
                strict.GetString(Convert.FromHexString(run.Value.Replace("%", "")));
            }
            catch (DecoderFallbackException)
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BadPercent();
}
