using System.Buffers;

namespace Grpc.Net.Wire;

/// <summary>What the two streams below, which compression needs, have in common.</summary>
internal abstract class BufferStream : Stream
{
    public override bool CanRead => false;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();
}

/// <summary>Writes to a buffer.</summary>
internal sealed class BufferWriterStream(IBufferWriter<byte> output) : BufferStream
{
    public override bool CanWrite => true;

    public override void Write(byte[] buffer, int offset, int count) =>
        output.Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);
}

/// <summary>Reads a sequence.</summary>
internal sealed class SequenceStream(ReadOnlySequence<byte> source) : BufferStream
{
    private ReadOnlySequence<byte> _rest = source;

    public override bool CanRead => true;

    public override int Read(byte[] buffer, int offset, int count) =>
        Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var part = _rest.Slice(0, Math.Min(buffer.Length, _rest.Length));
        part.CopyTo(buffer);
        _rest = _rest.Slice(part.End);
        return (int)part.Length;
    }
}
