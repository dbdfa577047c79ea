using System.Security.Cryptography;

namespace ApiSvc.Identity.DeviceCodes;

/// <summary>
/// The code that a user enters for a device (RFC 8628 section 6.1): eight letters without vowels, so that no words come
/// about, 34 bits. Read without regard to case, hyphens and spaces.
/// </summary>
internal static class UserCode
{
    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";
    private const int Length = 8;

    /// <summary>A new one, as it is stored.</summary>
    public static string New() => RandomNumberGenerator.GetString(Letters, Length);

    /// <summary>As it is shown: <c>WDJB-MJHT</c>.</summary>
    public static string Show(string code) => $"{code[..4]}-{code[4..]}";

    /// <returns>The code as it is stored; null if it is none.</returns>
    public static string? Read(string? text)
    {
        var code = new string([
            .. (text ?? "").Where(c => c is not ('-' or ' ')).Select(char.ToUpperInvariant),
        ]);
        return code.Length == Length && code.All(Letters.Contains) ? code : null;
    }
}
