using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Net.Wire;

/// <summary>What stands at the start of a buffer.</summary>
internal enum FrameState
{
    /// <summary>Not yet a whole message.</summary>
    Incomplete,

    Message,

    /// <summary>The header announces more than is allowed; its bytes are not waited for.</summary>
    TooLarge,

    /// <summary>The first byte is neither 0 nor 1.</summary>
    BadFlag,
}

/// <summary>A message on the wire: a byte that says whether it is compressed, its length in four bytes, the message.</summary>
internal static class MessageFrame
{
    public const int HeaderSize = 5;

    public static void WriteHeader(Span<byte> header, bool compressed, int length)
    {
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
    }

    public static FrameState TryRead(
        in ReadOnlySequence<byte> buffer,
        int? maxSize,
        out bool compressed,
        out ReadOnlySequence<byte> payload
    )
    {
        compressed = false;
        payload = default;
        if (buffer.Length < HeaderSize)
        {
            return FrameState.Incomplete;
        }

        Span<byte> copy = stackalloc byte[HeaderSize];
        scoped ReadOnlySpan<byte> header = buffer.FirstSpan;
        if (header.Length < HeaderSize)
        {
            buffer.Slice(0, HeaderSize).CopyTo(copy);
            header = copy;
        }

        if (header[0] > 1)
        {
            return FrameState.BadFlag;
        }

        compressed = header[0] == 1;
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > (uint)(maxSize ?? int.MaxValue))
        {
            return FrameState.TooLarge;
        }

        if (buffer.Length - HeaderSize < length)
        {
            return FrameState.Incomplete;
        }

        payload = buffer.Slice(HeaderSize, length);
        return FrameState.Message;
    }
}
