using System.Buffers.Binary;

namespace ApiSvc.ServiceDefaults.Identifiers;

/// <summary>
/// A UUID as 26 digits of Crockford's base 32 (crockford.com/base32.html), most significant first; 130 bits, of
/// which the first two are zero.
/// </summary>
internal static class Base32
{
    public const int Length = 26;
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private const byte None = 255;
    private static readonly byte[] Values = CreateValues();

    public static string Encode(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        var rest = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        Span<char> digits = stackalloc char[Length];
        for (var i = Length - 1; i >= 0; i--)
        {
            digits[i] = Digits[(int)(rest & 31)];
            rest >>= 5;
        }

        return new(digits);
    }

    public static bool TryDecode(ReadOnlySpan<char> text, out Guid value)
    {
        value = default;
        if (text.Length != Length)
        {
            return false;
        }

        UInt128 number = 0;
        for (var i = 0; i < Length; i++)
        {
            var digit = text[i] < Values.Length ? Values[text[i]] : None;
            if (digit == None || (i == 0 && digit > 7))
            {
                return false;
            }

            number = (number << 5) | digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        value = new(bytes, bigEndian: true);
        return true;
    }

    private static byte[] CreateValues()
    {
        var values = new byte[128];
        Array.Fill(values, None);
        for (var i = 0; i < Digits.Length; i++)
        {
            values[Digits[i]] = values[char.ToUpperInvariant(Digits[i])] = (byte)i;
        }

        // What people misread (Crockford: "decode symbol").
        values['o'] = values['O'] = 0;
        values['i'] = values['I'] = values['l'] = values['L'] = 1;
        return values;
    }
}
