using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using KafkaBroker.Protocol;

namespace KafkaBroker.Server;

/// <summary>Cuts a connection's bytes into requests: four bytes of size, then so many bytes.</summary>
internal sealed class FrameReader(PipeReader input, int maxBytes) : IDisposable
{
    // No more is reserved for a frame that is only announced; it grows as bytes arrive.
    private const int FirstReserve = 64 * 1024;
    private const int MinBytes = 8;

    private byte[] _buffer = [];

    /// <returns>The next frame, valid until the next call; null when the client has closed.</returns>
    /// <exception cref="MalformedFrameException">The size cannot be, or the connection ended within a frame.</exception>
    public async ValueTask<Memory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        Release();
        var head = await input.ReadAtLeastAsync(sizeof(int), cancellationToken);
        if (head.Buffer.IsEmpty)
        {
            return null;
        }

        var size = Size(head.Buffer);
        input.AdvanceTo(head.Buffer.GetPosition(sizeof(int)));

        for (var filled = 0; filled < size; )
        {
            var read = await input.ReadAsync(cancellationToken);
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, size - filled));
            if (part.IsEmpty && read.IsCompleted)
            {
                throw new MalformedFrameException($"{filled} bytes of a frame of {size}");
            }

            Reserve(filled, filled + (int)part.Length, size);
            part.CopyTo(_buffer.AsSpan(filled));
            filled += (int)part.Length;
            input.AdvanceTo(part.End);
        }

        return _buffer.AsMemory(0, size);
    }

    public void Dispose() => Release();

    private int Size(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < sizeof(int))
        {
            throw new MalformedFrameException("a connection that ends within a frame's size");
        }

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        buffer.Slice(0, sizeof(int)).CopyTo(bytes);
        var size = BinaryPrimitives.ReadInt32BigEndian(bytes);
        return size >= MinBytes && size <= maxBytes
            ? size
            : throw new MalformedFrameException(
                $"a frame of {size} bytes; {MinBytes} to {maxBytes} are taken"
            );
    }

    private void Reserve(int filled, int needed, int size)
    {
        if (needed <= _buffer.Length)
        {
            return;
        }

        var next = ArrayPool<byte>.Shared.Rent(
            Math.Min(size, Math.Max(needed, Math.Max(FirstReserve, 2 * _buffer.Length)))
        );
        _buffer.AsSpan(0, filled).CopyTo(next);
        Release();
        _buffer = next;
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
