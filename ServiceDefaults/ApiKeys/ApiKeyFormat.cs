using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.ServiceDefaults.ApiKeys;

/// <summary>
/// The form of API keys, <c>ak_&lt;environment&gt;_&lt;visible&gt;_&lt;secret&gt;&lt;check&gt;</c>: environment
/// <c>[a-z0-9]{1,16}</c>; visible part 8, secret 43 (256 bits) and check 6 base-62 digits. The check is the CRC-32C of
/// all before it, so that mistyped keys are told from unknown ones without looking, and scanners can find leaked keys
/// with few false alarms. It protects nothing. Of a key only its SHA-256 is kept.
/// </summary>
public static class ApiKeyFormat
{
    /// <summary>Bytes of the longest key.</summary>
    public const int MaxLength = 3 + MaxEnvironmentLength + Tail;

    /// <summary>Characters of the longest environment name.</summary>
    public const int MaxEnvironmentLength = 16;

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int VisibleLength = 8;
    private const int SecretLength = 43;
    private const int CheckLength = 6;

    // What follows the environment: _visible_secretcheck.
    private const int Tail = 1 + VisibleLength + 1 + SecretLength + CheckLength;

    private static readonly SearchValues<byte> Base62 = SearchValues.Create(
        Encoding.ASCII.GetBytes(Digits)
    );
    private static readonly SearchValues<byte> EnvironmentBytes = SearchValues.Create(
        "0123456789abcdefghijklmnopqrstuvwxyz"u8
    );

    /// <summary>A new key from the system's random source.</summary>
    /// <exception cref="ArgumentException">The environment's name does not fit into a key.</exception>
    public static string Create(string environment)
    {
        if (!IsEnvironment(Encoding.UTF8.GetBytes(environment)))
        {
            throw new ArgumentException(
                $"An environment in a key is 1 to {MaxEnvironmentLength} of a-z and 0-9.",
                nameof(environment)
            );
        }

        var visible = RandomNumberGenerator.GetString(Digits, VisibleLength);
        var secret = RandomNumberGenerator.GetString(Digits, SecretLength);
        var text = $"ak_{environment}_{visible}_{secret}";
        Span<byte> check = stackalloc byte[CheckLength];
        WriteCheck(Encoding.ASCII.GetBytes(text), check);
        return text + Encoding.ASCII.GetString(check);
    }

    /// <summary>Whether it has the form of a key, its check included; allocates nothing.</summary>
    /// <param name="key">The key as it came, without white space around it.</param>
    /// <param name="environment">The environment it says it is for.</param>
    public static bool TryRead(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> environment)
    {
        environment = default;
        var environmentLength = key.Length - 3 - Tail;
        if (
            environmentLength is < 1 or > MaxEnvironmentLength
            || !key.StartsWith("ak_"u8)
            || !IsEnvironment(key.Slice(3, environmentLength))
        )
        {
            return false;
        }

        var tail = key[^Tail..];
        if (
            tail[0] != '_'
            || tail[1 + VisibleLength] != '_'
            || tail.Slice(1, VisibleLength).ContainsAnyExcept(Base62)
            || tail[(2 + VisibleLength)..].ContainsAnyExcept(Base62)
        )
        {
            return false;
        }

        Span<byte> check = stackalloc byte[CheckLength];
        WriteCheck(key[..^CheckLength], check);
        if (!check.SequenceEqual(key[^CheckLength..]))
        {
            return false;
        }

        environment = key.Slice(3, environmentLength);
        return true;
    }

    /// <summary>
    /// The part that people may see, <c>ak_&lt;environment&gt;_&lt;visible&gt;</c>: it tells keys apart in lists and
    /// records and helps nobody to guess one.
    /// </summary>
    /// <exception cref="FormatException">It is not a key.</exception>
    public static string VisiblePrefix(string key) =>
        TryRead(Encoding.UTF8.GetBytes(key), out _)
            ? key[..^(1 + SecretLength + CheckLength)]
            : throw new FormatException("It is not an API key.");

    /// <summary>What is kept of a key: SHA-256 over the whole of it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Gets 32 bytes.</param>
    public static void Hash(ReadOnlySpan<byte> key, Span<byte> hash) => SHA256.HashData(key, hash);

    /// <summary>What is kept of a key: SHA-256 over the whole of it, 32 bytes.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static bool IsEnvironment(ReadOnlySpan<byte> name) =>
        name.Length is >= 1 and <= MaxEnvironmentLength
        && !name.ContainsAnyExcept(EnvironmentBytes);

    private static void WriteCheck(ReadOnlySpan<byte> text, Span<byte> check)
    {
        var crc = uint.MaxValue;
        foreach (var value in text)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        // 62^6 is above 2^32: always six digits.
        crc = ~crc;
        for (var i = check.Length - 1; i >= 0; i--)
        {
            (crc, var digit) = Math.DivRem(crc, 62u);
            check[i] = (byte)Digits[(int)digit];
        }
    }
}
