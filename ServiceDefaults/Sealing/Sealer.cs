using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.ServiceDefaults.Sealing;

/// <summary>
/// The nonce is random: good for 2^32 values under one key (NIST SP 800-38D section 8.3), far more than a service
/// seals before its next key.
/// </summary>
internal sealed class Sealer(KeyRing ring) : ISealer
{
    public byte[] Seal(SealedPlace place, ReadOnlySpan<byte> plain)
    {
        var header = SealedFormat.Header(ring.ActiveId);
        var value = new byte[
            header.Length + SealedFormat.NonceLength + SealedFormat.TagLength + plain.Length
        ];
        header.CopyTo(value, 0);
        var parts = new Parts(value, header.Length);
        RandomNumberGenerator.Fill(parts.Nonce);

        using var aes = new AesGcm(ring.ActiveKey, SealedFormat.TagLength);
        aes.Encrypt(parts.Nonce, plain, parts.Cipher, parts.Tag, AssociatedData(header, place));
        return value;
    }

    public Opened Open(SealedPlace place, ReadOnlySpan<byte> value)
    {
        if (!SealedFormat.TryReadHeader(value, out var keyId, out var header))
        {
            return new(null, OpenFailure.Malformed, "This is no sealed value of a known version.");
        }

        if (!ring.TryGet(keyId, out var key))
        {
            return new(
                null,
                OpenFailure.UnknownKey,
                $"The value is sealed under the key '{keyId}', which is not in Sealing:Keys."
            );
        }

        var rest = value[header..];
        var nonce = rest[..SealedFormat.NonceLength];
        var tag = rest.Slice(SealedFormat.NonceLength, SealedFormat.TagLength);
        var cipher = rest[(SealedFormat.NonceLength + SealedFormat.TagLength)..];
        var plain = new byte[cipher.Length];
        using var aes = new AesGcm(key, SealedFormat.TagLength);
        try
        {
            aes.Decrypt(nonce, cipher, tag, plain, AssociatedData(value[..header], place));
            return new(plain, OpenFailure.None, "");
        }
        catch (AuthenticationTagMismatchException)
        {
            return new(
                null,
                OpenFailure.NotAuthentic,
                $"The value in {place.Table}.{place.Column} of row {place.Id} was not sealed there under the key '{keyId}' of this ring, or was changed."
            );
        }
    }

    // Each part with its length before it, so that no two places have the same bytes.
    private static byte[] AssociatedData(ReadOnlySpan<byte> header, SealedPlace place)
    {
        var data = new MemoryStream();
        data.Write(header);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in (ReadOnlySpan<string>)[place.Table, place.Id, place.Column])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            data.Write(length);
            data.Write(bytes);
        }

        return data.ToArray();
    }

    private readonly ref struct Parts(Span<byte> value, int header)
    {
        public Span<byte> Nonce { get; } = value.Slice(header, SealedFormat.NonceLength);

        public Span<byte> Tag { get; } =
            value.Slice(header + SealedFormat.NonceLength, SealedFormat.TagLength);

        public Span<byte> Cipher { get; } =
            value[(header + SealedFormat.NonceLength + SealedFormat.TagLength)..];
    }
}
