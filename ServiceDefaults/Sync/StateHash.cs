using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>
/// The hash of a set of resources: the sum modulo 2^256 of SHA-256(kind as 4 bytes big endian | id | body), written
/// as 32 bytes big endian. The order of changes does not matter, and each change costs one addition.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StateHash
{
    /// <summary>Bytes of the written form.</summary>
    public const int Length = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private StateHash(UInt128 high, UInt128 low) => (_high, _low) = (high, low);

    /// <summary>The hash of no resource.</summary>
    public static StateHash Empty => default;

    /// <summary>The hash of one resource.</summary>
    public static StateHash Of(uint kind, ReadOnlySpan<byte> id, ReadOnlySpan<byte> body)
    {
        var length = sizeof(uint) + id.Length + body.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            BinaryPrimitives.WriteUInt32BigEndian(buffer, kind);
            id.CopyTo(buffer.AsSpan(sizeof(uint)));
            body.CopyTo(buffer.AsSpan(sizeof(uint) + id.Length));
            Span<byte> digest = stackalloc byte[Length];
            SHA256.HashData(buffer.AsSpan(0, length), digest);
            return Read(digest);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads the written form.</summary>
    /// <exception cref="ArgumentException">It has not 32 bytes.</exception>
    public static StateHash Read(ReadOnlySpan<byte> written) =>
        TryRead(written, out var hash)
            ? hash
            : throw new ArgumentException("A hash has 32 bytes.", nameof(written));

    /// <summary>Reads the written form, if it is one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> written, out StateHash hash)
    {
        hash = default;
        if (written.Length != Length)
        {
            return false;
        }

        hash = new(
            BinaryPrimitives.ReadUInt128BigEndian(written),
            BinaryPrimitives.ReadUInt128BigEndian(written[16..])
        );
        return true;
    }

    /// <summary>With another resource, or another set of them.</summary>
    public StateHash Add(StateHash other)
    {
        var low = unchecked(_low + other._low);
        var carry = low < _low ? UInt128.One : UInt128.Zero;
        return new(unchecked(_high + other._high + carry), low);
    }

    /// <summary>Without a resource that was added before.</summary>
    public StateHash Subtract(StateHash other)
    {
        var borrow = _low < other._low ? UInt128.One : UInt128.Zero;
        return new(unchecked(_high - other._high - borrow), unchecked(_low - other._low));
    }

    /// <summary>The written form.</summary>
    public byte[] ToArray()
    {
        var written = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(written, _high);
        BinaryPrimitives.WriteUInt128BigEndian(written.AsSpan(16), _low);
        return written;
    }

    /// <summary>The written form in lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
