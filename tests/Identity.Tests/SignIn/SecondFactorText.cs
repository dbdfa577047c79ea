using System.Text.RegularExpressions;
using ApiSvc.Identity.SecondFactor;

namespace ApiSvc.Identity.Tests.SignIn;

/// <summary>What a user reads from the pages of the second factor, and an authenticator app makes of it.</summary>
internal static partial class SecondFactorText
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] ReadSeed(string page)
    {
        var key = Key().Match(page).Groups["key"].Value.Replace(" ", "");
        var bits = string.Concat(
            key.Select(c => Convert.ToString(Base32.IndexOf(c), 2).PadLeft(5, '0'))
        );
        return
        [
            .. Enumerable
                .Range(0, bits.Length / 8)
                .Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)),
        ];
    }

    public static IReadOnlyList<string> ReadRecoveryCodes(string page) =>
        [.. Recovery().Matches(page).Select(m => m.Groups["code"].Value)];

    public static string CodeAt(byte[] seed, DateTimeOffset time) =>
        Totp.CodeOf(seed, time.ToUnixTimeSeconds() / Totp.StepSeconds, Totp.Digits);

    [GeneratedRegex("<code>(?<key>[A-Z2-7 ]+)</code>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex(
        "<li>(?<code>[0-9a-z]{4}(-[0-9a-z]{4}){3})</li>",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Recovery();
}
