using System.Buffers.Binary;
using System.Text;

namespace KafkaBroker.Protocol;

/// <summary>Reads the protocol's primitive types (non-flexible versions) from a frame.</summary>
/// <remarks>Each method throws <see cref="MalformedFrameException"/> where the frame does not hold what it reads.</remarks>
internal ref struct KafkaReader(Memory<byte> frame)
{
    public delegate T ReadElement<T>(ref KafkaReader reader, short version);

    private readonly Memory<byte> _frame = frame;
    private int _position;

    public bool Bool() => Take(1).Span[0] != 0;

    public sbyte Int8() => (sbyte)Take(1).Span[0];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2).Span);

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4).Span);

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8).Span);

    public string String() =>
        NullableString()
        ?? throw new MalformedFrameException("a string that must be there is null");

    public string? NullableString()
    {
        var length = Int16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length).Span);
    }

    /// <summary>Bytes of the frame itself, not copied; null is read as empty.</summary>
    public Memory<byte> Bytes()
    {
        var length = Int32();
        return length < 0 ? default : Take(length);
    }

    public List<T> Array<T>(short version, ReadElement<T> element) =>
        NullableArray(version, element) ?? [];

    public List<T>? NullableArray<T>(short version, ReadElement<T> element)
    {
        var count = Int32();
        if (count < 0)
        {
            return null;
        }

        // Every element takes at least a byte: a count cannot make the broker reserve more than the frame's size.
        if (count > _frame.Length - _position)
        {
            throw new MalformedFrameException($"an array of {count} elements in a shorter frame");
        }

        var elements = new List<T>(count);
        for (var i = 0; i < count; i++)
        {
            elements.Add(element(ref this, version));
        }

        return elements;
    }

    private Memory<byte> Take(int length)
    {
        if (length > _frame.Length - _position)
        {
            throw new MalformedFrameException(
                $"{length} bytes expected at {_position} of a frame of {_frame.Length}"
            );
        }

        var taken = _frame.Slice(_position, length);
        _position += length;
        return taken;
    }
}
