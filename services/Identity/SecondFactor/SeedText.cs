using System.Text;

namespace ApiSvc.Identity.SecondFactor;

/// <summary>A seed as authenticator apps take it.</summary>
internal static class SeedText
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Issuer = "ApiSvc";

    /// <summary>Base 32 (RFC 4648 section 6), without padding.</summary>
    public static string Of(byte[] seed)
    {
        var text = new StringBuilder();
        int bits = 0,
            buffer = 0;
        foreach (var octet in seed)
        {
            buffer = (buffer << 8) | octet;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Alphabet[(buffer >> bits) & 31]);
            }

            buffer &= (1 << bits) - 1;
        }

        if (bits > 0)
        {
            text.Append(Alphabet[(buffer << (5 - bits)) & 31]);
        }

        return text.ToString();
    }

    /// <summary>In groups of four, for people who type it.</summary>
    public static string Grouped(byte[] seed) =>
        string.Join(' ', Of(seed).Chunk(4).Select(c => new string(c)));

    /// <summary>The address in the QR code, by the form that authenticator apps agree on.</summary>
    public static string AddressOf(byte[] seed, string login) =>
        $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(login)}?secret={Of(seed)}&issuer={Issuer}&algorithm=SHA1&digits={Totp.Digits}&period={Totp.StepSeconds}";
}
