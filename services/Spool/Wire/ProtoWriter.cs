using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace ApiSvc.Spool.Wire;

/// <summary>
/// Writes a Protobuf message field by field into memory that has room for it. Default values are left out, as proto3
/// does. It asks for nothing and allocates nothing.
/// </summary>
/// <param name="room">Where it is written.</param>
public ref struct ProtoWriter(Span<byte> room)
{
    private const int VarintType = 0;
    private const int BytesType = 2;
    private readonly Span<byte> _room = room;

    /// <summary>Bytes that were written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _room[..Length];

    /// <summary>An integer, an enumeration or a boolean.</summary>
    public void Number(int field, ulong value)
    {
        if (value != 0)
        {
            Varint(((uint)field << 3) | VarintType);
            Varint(value);
        }
    }

    /// <summary>Bytes, or a message.</summary>
    public void Bytes(int field, scoped ReadOnlySpan<byte> value)
    {
        if (value.Length > 0)
        {
            Element(field, value);
        }
    }

    /// <summary>Bytes also where there are none: an element of a repeated field.</summary>
    public void Element(int field, scoped ReadOnlySpan<byte> value)
    {
        Varint(((uint)field << 3) | BytesType);
        Varint((uint)value.Length);
        value.CopyTo(_room[Length..]);
        Length += value.Length;
    }

    /// <summary>A UUID as its 16 bytes; the empty one as none.</summary>
    public void Id(int field, Guid value)
    {
        if (value != Guid.Empty)
        {
            Varint(((uint)field << 3) | BytesType);
            Varint(16);
            value.TryWriteBytes(_room[Length..], bigEndian: true, out _);
            Length += 16;
        }
    }

    /// <summary>Text, cut to what is allowed. Bytes that are no UTF-8 are read as Latin-1: they are kept, and the message stays valid.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="value">The text's bytes.</param>
    /// <param name="maxLength">Bytes at most, below 16,384.</param>
    public void Text(int field, scoped ReadOnlySpan<byte> value, int maxLength)
    {
        if (value.IsEmpty)
        {
            return;
        }

        if (value.Length > maxLength)
        {
            value = value[..Boundary(value, maxLength)];
        }

        if (Utf8.IsValid(value))
        {
            Bytes(field, value);
            return;
        }

        Varint(((uint)field << 3) | BytesType);
        var start = Length;
        Length += 2;
        foreach (var b in value)
        {
            if (Length - start - 2 > maxLength - 2)
            {
                break;
            }

            if (b < 0x80)
            {
                _room[Length++] = b;
            }
            else
            {
                _room[Length++] = (byte)(0xC0 | (b >> 6));
                _room[Length++] = (byte)(0x80 | (b & 0x3F));
            }
        }

        SetLength(start);
    }

    /// <summary>Text, cut to what is allowed.</summary>
    /// <inheritdoc cref="Text(int, ReadOnlySpan{byte}, int)" />
    public void Text(int field, scoped ReadOnlySpan<char> value, int maxLength)
    {
        if (value.IsEmpty)
        {
            return;
        }

        Varint(((uint)field << 3) | BytesType);
        var start = Length;
        // The encoder stops at the last character that fits whole.
        Utf8.FromUtf16(value, _room.Slice(start + 2, maxLength), out _, out var written);
        Length = start + 2 + written;
        SetLength(start);
    }

    /// <summary>What was written by another writer.</summary>
    public void Raw(scoped ReadOnlySpan<byte> fields)
    {
        fields.CopyTo(_room[Length..]);
        Length += fields.Length;
    }

    // The two bytes at start become the length of what is behind them, or one byte where that is enough.
    private void SetLength(int start)
    {
        var length = Length - start - 2;
        if (length < 0x80)
        {
            _room.Slice(start + 2, length).CopyTo(_room[(start + 1)..]);
            _room[start] = (byte)length;
            Length--;
            return;
        }

        _room[start] = (byte)(length | 0x80);
        _room[start + 1] = (byte)(length >> 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _room[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _room[Length++] = (byte)value;
    }

    // Where a text can be cut without leaving half a character; bytes that are no text are cut anywhere.
    private static int Boundary(ReadOnlySpan<byte> value, int at)
    {
        for (var i = at; i > at - 4 && i > 0; i--)
        {
            if ((value[i] & 0xC0) != 0x80)
            {
                return i;
            }
        }

        return at;
    }
}
