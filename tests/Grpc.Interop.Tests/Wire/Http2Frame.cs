using System.Buffers;
using System.Buffers.Binary;

namespace ApiSvc.Interop.Wire;

/// <summary>The types of HTTP/2 frames that matter here (RFC 9113, section 6).</summary>
internal enum FrameType
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    GoAway = 7,
}

/// <summary>One frame; <see cref="Bytes"/> is all of it.</summary>
internal readonly record struct Http2Frame(
    FrameType Type,
    byte Flags,
    int Stream,
    ReadOnlySequence<byte> Bytes
)
{
    private const int HeaderSize = 9;
    private const byte EndStreamFlag = 0x1;
    private const byte PaddedFlag = 0x8;

    public bool EndsStream =>
        (Type is FrameType.Data or FrameType.Headers) && (Flags & EndStreamFlag) != 0;

    /// <summary>The payload with any padding.</summary>
    public ReadOnlySequence<byte> Payload => Bytes.Slice(HeaderSize);

    /// <summary>The first byte of data, if there is one.</summary>
    public byte? FirstDataByte
    {
        get
        {
            var data = (Flags & PaddedFlag) != 0 ? Payload.Slice(1) : Payload;
            return data.IsEmpty ? null : data.FirstSpan[0];
        }
    }

    /// <summary>Takes one whole frame off the front.</summary>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, out Http2Frame frame)
    {
        frame = default;
        if (buffer.Length < HeaderSize)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        buffer.Slice(0, HeaderSize).CopyTo(header);
        var size = HeaderSize + (header[0] << 16 | header[1] << 8 | header[2]);
        if (buffer.Length < size)
        {
            return false;
        }

        var stream = BinaryPrimitives.ReadInt32BigEndian(header[5..]) & int.MaxValue;
        frame = new((FrameType)header[3], header[4], stream, buffer.Slice(0, size));
        buffer = buffer.Slice(size);
        return true;
    }
}
