using System.Text;

namespace ApiSvc.Identity.Mail;

/// <summary>
/// Texts beyond ASCII in headers (RFC 2047). The library's own make words of more than the 75 characters that section 2
/// allows.
/// </summary>
internal static class EncodedWords
{
    // In base64 52 characters: with the frame of a word and the name of the header a line has less than 76.
    private const int MostBytes = 39;

    /// <summary>The value of a header with a short name, from the space after its colon to the end of its last line.</summary>
    public static byte[] Fold(string text)
    {
        var value = new StringBuilder();
        var word = new List<byte>(MostBytes);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            // No character may be divided (section 5).
            var length = rune.EncodeToUtf8(utf8);
            if (word.Count + length > MostBytes)
            {
                Append(value, word);
            }

            word.AddRange(utf8[..length]);
        }

        Append(value, word);
        return Encoding.ASCII.GetBytes(value.ToString());
    }

    private static void Append(StringBuilder value, List<byte> word)
    {
        value.Append(" =?utf-8?B?").Append(Convert.ToBase64String([.. word])).Append("?=\r\n");
        word.Clear();
    }
}
