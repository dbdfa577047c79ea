using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ApiSvc.ServiceDefaults.Sealing;

namespace ApiSvc.ServiceDefaults.Paging;

/// <summary>
/// Makes cursors that only this suite makes: base64url of version (1 byte, 1) | length of the key's id | key's id |
/// HMAC-SHA-256 (32 bytes) | keyset. The list a cursor belongs to is signed with it but not in it.
/// </summary>
internal sealed class CursorSigner(KeyRing ring)
{
    private const byte Version = 1;
    private const int MaxLength = 4096;
    private readonly KeyRing _keys = ring.Derive("paging.cursor.v1");

    public string Sign(string list, ReadOnlySpan<byte> keyset)
    {
        var id = Encoding.ASCII.GetBytes(_keys.ActiveId);
        byte[] header = [Version, (byte)id.Length, .. id];
        byte[] cursor = [.. header, .. Mac(_keys.ActiveKey, header, list, keyset), .. keyset];
        return Base64Url.EncodeToString(cursor);
    }

    /// <returns>The keyset, or null if the cursor was not made for this list.</returns>
    public byte[]? Open(string list, string cursor)
    {
        if (cursor.Length is 0 or > MaxLength || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(cursor).AsSpan();
        if (bytes.Length < 2 || bytes[0] != Version)
        {
            return null;
        }

        var header = 2 + bytes[1];
        if (bytes.Length < header + HMACSHA256.HashSizeInBytes)
        {
            return null;
        }

        var mac = bytes.Slice(header, HMACSHA256.HashSizeInBytes);
        var keyset = bytes[(header + HMACSHA256.HashSizeInBytes)..];
        return
            _keys.TryGet(Encoding.ASCII.GetString(bytes[2..header]), out var key)
            && CryptographicOperations.FixedTimeEquals(mac, Mac(key, bytes[..header], list, keyset))
            ? keyset.ToArray()
            : null;
    }

    private static byte[] Mac(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> header,
        string list,
        ReadOnlySpan<byte> keyset
    )
    {
        // The list as a hash has a fixed length, and the header knows its own: no two inputs run together.
        var listHash = SHA256.HashData(Encoding.UTF8.GetBytes(list));
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(header);
        hmac.AppendData(listHash);
        hmac.AppendData(keyset);
        return hmac.GetHashAndReset();
    }
}
