namespace ApiSvc.Identity.Passwords;

/// <summary>
/// Passwords that are guessed first: well-known words, alone or joined, with the usual letters replaced and something put
/// behind; runs along a keyboard or the alphabet; one thing over and over.
/// </summary>
internal static class CommonPasswords
{
    private const string Resource = "ApiSvc.Identity.Passwords.common-passwords.txt";
    private const int MostWordsJoined = 3;
    private const int LongestUnit = 6;

    private static readonly string[] Rows =
    [
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "qwertzuiop",
        "azertyuiop",
    ];

    private static readonly HashSet<string> Words = Read();

    public static bool Has(string password)
    {
        var lower = password.ToLowerInvariant();
        string[] forms = [lower, WithoutEnds(lower)];
        return IsOneThingOverAndOver(lower)
            || IsRun(lower)
            || forms
                .Concat(forms.Select(WithLetters))
                .Concat([WithoutEnds(WithLetters(lower))])
                .Any(f => f.Length > 0 && IsJoined(f, MostWordsJoined));
    }

    private static bool IsJoined(string text, int most) =>
        Words.Contains(text)
        || (
            most > 1
            && Enumerable
                .Range(1, text.Length - 1)
                .Any(i => Words.Contains(text[..i]) && IsJoined(text[i..], most - 1))
        );

    private static bool IsOneThingOverAndOver(string text) =>
        Enumerable
            .Range(1, Math.Min(LongestUnit, text.Length / 2))
            .Any(unit =>
                Enumerable.Range(unit, text.Length - unit).All(i => text[i] == text[i - unit])
            );

    // All but two or three characters follow the one before them, on a row and in one direction or the other.
    private static bool IsRun(string text)
    {
        var following = Enumerable
            .Range(1, text.Length - 1)
            .Count(i => text[i] == text[i - 1] || Rows.Any(r => Follows(r, text[i - 1], text[i])));
        return following >= text.Length - 1 - text.Length / 4;
    }

    private static bool Follows(string row, char first, char second) =>
        row.Contains($"{first}{second}", StringComparison.Ordinal)
        || row.Contains($"{second}{first}", StringComparison.Ordinal);

    private static string WithoutEnds(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && !char.IsLetter(text[start]))
        {
            start++;
        }

        while (end > start && !char.IsLetter(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    private static string WithLetters(string text) =>
        string.Concat(
            text.Select(c =>
                c switch
                {
                    '0' => 'o',
                    '1' or '!' => 'i',
                    '3' => 'e',
                    '4' or '@' => 'a',
                    '5' or '$' => 's',
                    '7' => 't',
                    _ => c,
                }
            )
        );

    private static HashSet<string> Read()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return
        [
            .. reader
                .ReadToEnd()
                .Split(
                    '\n',
                    StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                ),
        ];
    }
}
