using System.Buffers;

namespace ApiSvc.Gateway.Routing;

/// <summary>What bytes mean in a path (RFC 3986 sections 2.2, 2.3 and 3.3).</summary>
internal static class PathBytes
{
    /// <summary>May stand in a path as they are; the slash and the dot are among them.</summary>
    public static readonly SearchValues<byte> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@/"u8
    );

    /// <summary>May stand in a query as they are.</summary>
    public static readonly SearchValues<byte> Query = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@/;?%\"<>[]^`{|}\\"u8
    );

    private static readonly SearchValues<byte> Unreserved = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8
    );

    // No URI has them, but browsers send some of them and other clients the rest.
    private static readonly SearchValues<byte> Tolerated = SearchValues.Create("\"<>[]^`{|}"u8);

    public static bool IsPlain(byte value) => Plain.Contains(value) || value == ';';

    public static bool IsUnreserved(byte value) => Unreserved.Contains(value);

    public static bool IsTolerated(byte value) => Tolerated.Contains(value);

    /// <summary>The value of two hexadecimal digits; -1 where they are none.</summary>
    public static int Hex(ReadOnlySpan<byte> digits) =>
        digits.Length >= 2
        && char.IsAsciiHexDigit((char)digits[0])
        && char.IsAsciiHexDigit((char)digits[1])
            ? (Digit(digits[0]) << 4) | Digit(digits[1])
            : -1;

    /// <summary>Writes <c>%XX</c> with upper-case digits.</summary>
    public static void Encode(byte value, Span<byte> target)
    {
        target[0] = (byte)'%';
        target[1] = "0123456789ABCDEF"u8[value >> 4];
        target[2] = "0123456789ABCDEF"u8[value & 15];
    }

    private static int Digit(byte value) => value <= '9' ? value - '0' : (value | 0x20) - 'a' + 10;
}
