using System.Text;

namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>The value of Transfer-Encoding where it is not just <c>chunked</c> (RFC 9112 section 6.1).</summary>
internal static class CodingField
{
    private static readonly byte[][] Registered =
    [
        "gzip"u8.ToArray(),
        "x-gzip"u8.ToArray(),
        "compress"u8.ToArray(),
        "x-compress"u8.ToArray(),
        "deflate"u8.ToArray(),
    ];

    /// <summary>Whether it is a registered coding, or several, and then <c>chunked</c> once: well-formed, but not served.</summary>
    public static bool IsUnknown(ReadOnlySpan<byte> value)
    {
        var last = value.LastIndexOf((byte)',');
        if (last < 0 || !Ascii.EqualsIgnoreCase(WireBytes.Trim(value[(last + 1)..]), "chunked"u8))
        {
            return false;
        }

        var codings = value[..last];
        foreach (var range in codings.Split((byte)','))
        {
            if (!IsRegistered(WireBytes.Trim(codings[range])))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsRegistered(ReadOnlySpan<byte> coding)
    {
        foreach (var known in Registered)
        {
            if (Ascii.EqualsIgnoreCase(coding, known))
            {
                return true;
            }
        }

        return false;
    }
}
