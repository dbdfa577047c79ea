using System.Net;
using System.Text;

namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>The value of Host: <c>uri-host [ ":" port ]</c> (RFC 9110 section 7.2), never empty here.</summary>
internal static class HostField
{
    public static bool IsValid(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.Length > 261)
        {
            return false;
        }

        if (value[0] == '[')
        {
            var end = value.IndexOf((byte)']');
            return end > 1 && IsAddress(value[1..end]) && IsPort(value[(end + 1)..]);
        }

        var colon = value.IndexOf((byte)':');
        var name = colon < 0 ? value : value[..colon];
        return name.Length > 0
            && !name.ContainsAnyExcept(WireBytes.Host)
            && IsEncoded(name)
            && (colon < 0 || IsPort(value[colon..]));
    }

    // Two hexadecimal digits behind each percent sign (RFC 3986 section 2.1).
    private static bool IsEncoded(ReadOnlySpan<byte> name)
    {
        for (var at = name.IndexOf((byte)'%'); at >= 0; )
        {
            if (
                name.Length < at + 3
                || !char.IsAsciiHexDigit((char)name[at + 1])
                || !char.IsAsciiHexDigit((char)name[at + 2])
            )
            {
                return false;
            }

            name = name[(at + 3)..];
            at = name.IndexOf((byte)'%');
        }

        return true;
    }

    private static bool IsPort(ReadOnlySpan<byte> value) =>
        value.IsEmpty
        || (
            value[0] == ':'
            && value.Length <= 6
            && !value[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9')
        );

    private static bool IsAddress(ReadOnlySpan<byte> value)
    {
        Span<char> text = stackalloc char[64];
        return value.Length <= text.Length
            && Encoding.ASCII.TryGetChars(value, text, out var length)
            && value.Contains((byte)':')
            && IPAddress.TryParse(text[..length], out _);
    }
}
