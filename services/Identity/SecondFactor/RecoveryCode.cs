using System.Security.Cryptography;
using ApiSvc.Identity.Rules;

namespace ApiSvc.Identity.SecondFactor;

/// <summary>
/// A code for who has lost the authenticator: 16 characters, 80 random bits, so that a plain hash keeps it. Letters and
/// digits that are taken for one another are read as one (Crockford's base 32).
/// </summary>
internal static class RecoveryCode
{
    public const int Count = 10;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 16;

    /// <summary>Such as <c>7k2m-x9qd-4h1v-p0ze</c>.</summary>
    public static string New() =>
        string.Join(
            '-',
            RandomNumberGenerator.GetString(Alphabet, Length).Chunk(4).Select(c => new string(c))
        );

    /// <returns>The hash that is kept of it; null if it has not the form of one.</returns>
    public static byte[]? HashOf(string? text)
    {
        var plain = string.Concat(
            (text ?? "")
                .ToLowerInvariant()
                .Where(char.IsAsciiLetterOrDigit)
                .Select(c =>
                    c switch
                    {
                        'i' or 'l' => '1',
                        'o' => '0',
                        _ => c,
                    }
                )
        );
        return plain.Length == Length ? GeneratedSecret.Hash(plain) : null;
    }
}
