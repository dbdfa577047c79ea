using System.Text;

namespace ApiSvc.Gateway.CallRecords;

/// <summary>Writes queries without the values of parameters whose names look like those of credentials.</summary>
/// <param name="names">Parts of further names.</param>
internal sealed class QueryMask(IEnumerable<string> names)
{
    // A name that is longer than any of ours is not looked at, and its value not kept.
    private const int LongestName = 128;

    private readonly byte[][] _parts =
    [
        .. Always.Concat(names).Select(n => Encoding.ASCII.GetBytes(n.ToLowerInvariant())),
    ];

    /// <summary>A name with one of these in it has its value masked.</summary>
    public static IReadOnlyList<string> Always { get; } =
    [
        "auth",
        "code",
        "credential",
        "jwt",
        "key",
        "passphrase",
        "passwd",
        "password",
        "pwd",
        "secret",
        "session",
        "sig",
        "token",
    ];

    private static ReadOnlySpan<byte> Masked => "***"u8;

    /// <summary>Writes as much of the query as there is room for.</summary>
    /// <param name="query">Without the question mark.</param>
    /// <param name="secrets">Names, as sent, of parameters that carry the API's own keys.</param>
    /// <param name="alsoSecrets">More of these.</param>
    /// <param name="room">Where to.</param>
    /// <returns>How much was written.</returns>
    public int Write(
        ReadOnlySpan<byte> query,
        ReadOnlySpan<byte[]> secrets,
        ReadOnlySpan<byte[]> alsoSecrets,
        Span<byte> room
    )
    {
        var length = 0;
        foreach (var part in query.Split((byte)'&'))
        {
            if (part.Start.Value > 0 && !TryAdd("&"u8, room, ref length))
            {
                break;
            }

            var parameter = query[part];
            var equals = parameter.IndexOf((byte)'=');
            var name = equals < 0 ? parameter : parameter[..equals];
            var isSecret =
                equals >= 0
                && (LooksSecret(name) || IsOne(name, secrets) || IsOne(name, alsoSecrets));
            if (
                !TryAdd(isSecret ? parameter[..(equals + 1)] : parameter, room, ref length)
                || (isSecret && !TryAdd(Masked, room, ref length))
            )
            {
                break;
            }
        }

        return length;
    }

    private bool LooksSecret(ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName)
        {
            return true;
        }

        Span<byte> plain = stackalloc byte[LongestName];
        plain = plain[..Decode(name, plain)];
        foreach (var part in _parts)
        {
            if (plain.IndexOf(part) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOne(ReadOnlySpan<byte> name, ReadOnlySpan<byte[]> names)
    {
        foreach (var one in names)
        {
            if (name.SequenceEqual(one))
            {
                return true;
            }
        }

        return false;
    }

    // %74oken is a token.
    private static int Decode(ReadOnlySpan<byte> name, Span<byte> plain)
    {
        var length = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var b = name[i];
            if (
                b == '%'
                && i + 2 < name.Length
                && Convert.FromHexString(name.Slice(i + 1, 2), plain[length..], out _, out _)
                    == System.Buffers.OperationStatus.Done
            )
            {
                b = plain[length];
                i += 2;
            }

            plain[length++] = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
        }

        return length;
    }

    // Whole or, where there is no room for all, as much as there is room for.
    private static bool TryAdd(ReadOnlySpan<byte> bytes, Span<byte> room, ref int length)
    {
        var taken = Math.Min(bytes.Length, room.Length - length);
        bytes[..taken].CopyTo(room[length..]);
        length += taken;
        return taken == bytes.Length;
    }
}
