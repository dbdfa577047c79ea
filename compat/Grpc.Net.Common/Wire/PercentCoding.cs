using System.Buffers;
using System.Globalization;
using System.Text;

namespace Grpc.Net.Wire;

/// <summary>
/// The coding of <c>grpc-message</c>: UTF-8, in which all but printable ASCII, and the percent sign, is written as
/// <c>%XX</c>. Wrong escapes are read as they stand, as the protocol wants.
/// </summary>
internal static class PercentCoding
{
    private const string Plain =
        " !\"#$&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    private static readonly SearchValues<char> PlainChars = SearchValues.Create(Plain);

    public static string Encode(string text)
    {
        var first = text.AsSpan().IndexOfAnyExcept(PlainChars);
        if (first < 0)
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length + 32).Append(text, 0, first);
        foreach (var octet in Encoding.UTF8.GetBytes(text[first..]))
        {
            if (octet is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return encoded.ToString();
    }

    public static string Decode(string text)
    {
        if (!text.Contains('%'))
        {
            return text;
        }

        var octets = new ArrayBufferWriter<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (
                text[i] == '%'
                && i + 2 < text.Length
                && byte.TryParse(
                    text.AsSpan(i + 1, 2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var octet
                )
            )
            {
                octets.Write([octet]);
                i += 2;
            }
            else
            {
                Encoding.UTF8.GetBytes(text.AsSpan(i, 1), octets);
            }
        }

        return Encoding.UTF8.GetString(octets.WrittenSpan);
    }
}
