using System.Text;

namespace ApiSvc.ServiceDefaults.Sealing;

/// <summary>
/// The stored form: version (1 byte, 1) | length of the key's id (1 byte) | key's id | nonce (12) | tag (16) |
/// ciphertext.
/// </summary>
internal static class SealedFormat
{
    public const int NonceLength = 12;
    public const int TagLength = 16;
    private const byte Version = 1;

    /// <summary>What a value sealed under a key starts with.</summary>
    public static byte[] Header(string keyId) =>
        [Version, (byte)keyId.Length, .. Encoding.ASCII.GetBytes(keyId)];

    /// <returns>False if this is no sealed value.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> value, out string keyId, out int length)
    {
        keyId = "";
        length = 0;
        if (value.Length < 2 || value[0] != Version || value[1] is 0 or > KeyRing.MaxIdLength)
        {
            return false;
        }

        length = 2 + value[1];
        if (value.Length < length + NonceLength + TagLength)
        {
            return false;
        }

        keyId = Encoding.ASCII.GetString(value[2..length]);
        return KeyRing.IsKeyId(keyId);
    }
}
