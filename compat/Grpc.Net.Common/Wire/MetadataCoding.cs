using Grpc.Core;

namespace Grpc.Net.Wire;

/// <summary>Metadata as header values: those of <c>-bin</c> keys are base64, read with and without padding, written without.</summary>
internal static class MetadataCoding
{
    public static string Encode(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.Bytes).TrimEnd('=') : entry.Value;

    /// <summary>Adds what one header line says; a binary one may hold several values with commas between.</summary>
    /// <exception cref="FormatException">A binary value is not base64.</exception>
    public static void Add(Metadata metadata, string key, string value)
    {
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(key, value);
            return;
        }

        foreach (var part in value.AsSpan().Split(','))
        {
            metadata.Add(key, DecodeBinary(value.AsSpan(part).Trim()));
        }
    }

    public static byte[] DecodeBinary(ReadOnlySpan<char> base64)
    {
        var bare = base64.TrimEnd('=');
        var padded = (bare.Length + 3) / 4 * 4;
        Span<char> text = padded <= 512 ? stackalloc char[padded] : new char[padded];
        bare.CopyTo(text);
        text[bare.Length..].Fill('=');
        var octets = new byte[padded / 4 * 3];
        return Convert.TryFromBase64Chars(text, octets, out var written)
            ? octets[..written]
            : throw new FormatException("The value of a binary header is not base64.");
    }
}
