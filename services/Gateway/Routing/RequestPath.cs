using System.Text;

namespace ApiSvc.Gateway.Routing;

/// <summary>
/// Brings request targets into one form, once, before anything looks at them; docs/decisions/0006 has the rule and
/// its reasons. What two servers could read as two paths is refused.
/// </summary>
internal static class RequestPath
{
    /// <summary>Normalises a target in origin form (RFC 9112 section 3.2.1).</summary>
    /// <param name="target">Path and query as they came.</param>
    /// <param name="buffer">Gets the path where it is not in its form yet; three times the target is always enough.</param>
    /// <param name="path">Slices of <paramref name="target"/> and <paramref name="buffer"/>, or the fault.</param>
    public static bool TryNormalize(
        ReadOnlySpan<byte> target,
        Span<byte> buffer,
        out NormalizedPath path
    )
    {
        if (target.IsEmpty || target[0] != '/')
        {
            path = new(PathFault.NotAbsolute);
            return false;
        }

        var question = target.IndexOf((byte)'?');
        var raw = question < 0 ? target : target[..question];
        var query = question < 0 ? default : target[(question + 1)..];
        if (query.ContainsAnyExcept(PathBytes.Query))
        {
            path = new(PathFault.InvalidByte);
            return false;
        }

        if (IsNormal(raw))
        {
            path = new(raw, query, question >= 0);
            return true;
        }

        var writer = new PathWriter(buffer);
        var fault = writer.Write(raw);
        path = fault == PathFault.None ? new(writer.Written, query, question >= 0) : new(fault);
        return fault == PathFault.None;
    }

    /// <summary>
    /// Part of a path template in the same form, so that it equals what a request for it is brought into; text that
    /// is no URI yet is encoded as UTF-8.
    /// </summary>
    /// <returns>Null where no request can have it.</returns>
    public static byte[]? NormalizeLiteral(ReadOnlySpan<char> text)
    {
        var raw = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        raw = raw[..Encoding.UTF8.GetBytes(text, raw)];
        var result = new List<byte>(raw.Length);
        Span<byte> encoded = stackalloc byte[3];
        for (var i = 0; i < raw.Length; i++)
        {
            var value = raw[i];
            if (value is (byte)'?' or (byte)'#' or (byte)'\\' or < 0x20 or 0x7F)
            {
                return null;
            }

            if (value == '%' && PathBytes.Hex(raw.AsSpan(i + 1)) is >= 0 and var hex)
            {
                value = (byte)hex;
                i += 2;
                if (value is (byte)'/' or (byte)'\\' or < 0x20 or 0x7F)
                {
                    return null;
                }
            }
            else if (PathBytes.IsPlain(value))
            {
                result.Add(value);
                continue;
            }

            if (PathBytes.IsUnreserved(value))
            {
                result.Add(value);
                continue;
            }

            PathBytes.Encode(value, encoded);
            result.AddRange(encoded);
        }

        return [.. result];
    }

    // Nearly all paths: one vectorised scan each, and no copy.
    private static bool IsNormal(ReadOnlySpan<byte> path) =>
        !path.ContainsAnyExcept(PathBytes.Plain)
        && path.IndexOf("//"u8) < 0
        && path.IndexOf("/."u8) < 0;
}
