using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.Identity.SecondFactor;

/// <summary>Time-based one-time passwords (RFC 6238) as authenticator apps make them: HMAC-SHA-1, six digits, 30 seconds.</summary>
internal static class Totp
{
    public const int Digits = 6;
    public const int StepSeconds = 30;

    // RFC 4226 section 4, R6: as long as the hash.
    public const int SeedBytes = 20;

    // RFC 6238 section 5.2: clocks differ, and people type slowly.
    private const int StepsAside = 1;

    /// <returns>The step that the code belongs to; null: to none around now.</returns>
    public static long? FindStep(byte[] seed, string? code, DateTimeOffset now)
    {
        var given = new string([.. (code ?? "").Where(c => !char.IsWhiteSpace(c))]);
        if (given.Length != Digits || !given.All(char.IsAsciiDigit))
        {
            return null;
        }

        var current = now.ToUnixTimeSeconds() / StepSeconds;
        long? found = null;
        for (var step = current - StepsAside; step <= current + StepsAside; step++)
        {
            // All of them, so that the time it takes tells nothing.
            if (
                CryptographicOperations.FixedTimeEquals(
                    Encoding.ASCII.GetBytes(CodeOf(seed, step, Digits)),
                    Encoding.ASCII.GetBytes(given)
                )
            )
            {
                found = step;
            }
        }

        return found;
    }

    [SuppressMessage(
        "Security",
        "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "What authenticator apps use; HMAC does not need what SHA-1 lacks (RFC 6151, RFC 6194 section 3.3)."
    )]
    public static string CodeOf(byte[] seed, long step, int digits)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(seed, counter, hash);
        // RFC 4226 section 5.3: dynamic truncation.
        var offset = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & int.MaxValue;
        var modulus = (int)Math.Pow(10, digits);
        return (number % modulus).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }
}
