using System.Text.RegularExpressions;

namespace ApiSvc.Catalog.Versions;

/// <summary>The form of a version's name.</summary>
internal static partial class VersionNameForm
{
    public const string Pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$";
    public const string Rule =
        "Must be 1 to 63 letters, digits, '.', '_' and '-', the first a letter or digit.";

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? FindFault(string name) => Form().IsMatch(name) ? null : Rule;

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
