using ApiSvc.Identity.Rules;

namespace ApiSvc.Identity.Passwords;

/// <summary>What a new password has to be: long, and nothing that is guessed first (NIST SP 800-63B section 3.1.1.2).</summary>
internal static class PasswordRule
{
    private const int ShortestWord = 4;

    /// <summary>The same in a sentence, beside the field.</summary>
    public static string Hint { get; } =
        $"{Words.ShortestPassword} to {Words.LongestPassword} characters, anything you like: a sentence is good. Nothing well known, and neither your name nor your e-mail address.";

    /// <param name="password">The new one.</param>
    /// <param name="about">Words of the user: login, name, e-mail address.</param>
    /// <returns>What is wrong, in a sentence; null: nothing.</returns>
    public static string? FindFault(string password, params IEnumerable<string?> about)
    {
        if (password.Length is < Words.ShortestPassword or > Words.LongestPassword)
        {
            return $"Must have {Words.ShortestPassword} to {Words.LongestPassword} characters.";
        }

        if (CommonPasswords.Has(password))
        {
            return "Is one of those that are guessed first. Take something that nobody else would.";
        }

        return PartsOf(about).Any(p => password.Contains(p, StringComparison.OrdinalIgnoreCase))
            ? "Must not contain the login, the name or the e-mail address."
            : null;
    }

    private static IEnumerable<string> PartsOf(IEnumerable<string?> about) =>
        about
            .OfType<string>()
            .SelectMany(a => a.Split(' ').Append(a.Split('@')[0]))
            .Where(p => p.Length >= ShortestWord);
}
