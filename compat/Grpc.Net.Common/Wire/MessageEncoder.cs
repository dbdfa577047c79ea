using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Wire;

/// <summary>
/// Writes messages as frames. Where the length is announced and nothing is compressed, the serializer writes straight
/// into the output. One per direction of a call.
/// </summary>
internal sealed class MessageEncoder(
    int? maxSize,
    ICompressionProvider? compression,
    CompressionLevel? level
) : SerializationContext, IBufferWriter<byte>
{
    private IBufferWriter<byte>? _output;
    private PooledBuffer? _collected;
    private bool _compress;
    private bool _completed;
    private int _announced;
    private int _written;

    /// <summary>Whether the last message went out in part before it failed, after which nothing can follow.</summary>
    public bool IsPartial { get; private set; }

    public void Encode<T>(
        T message,
        Action<T, SerializationContext> serialize,
        IBufferWriter<byte> output,
        bool mayCompress
    )
    {
        _output = output;
        _compress = mayCompress && compression is not null;
        _completed = false;
        _announced = -1;
        _written = -1;
        try
        {
            serialize(message, this);
            if (!_completed)
            {
                throw new InvalidOperationException("The serializer did not complete the message.");
            }

            IsPartial = false;
        }
        finally
        {
            _output = null;
            _collected?.Dispose();
            _collected = null;
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        Limit(payloadLength);
        _announced = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_compress || _announced < 0)
        {
            return _collected ??= new PooledBuffer(Math.Max(_announced, 256));
        }

        if (_written < 0)
        {
            WriteHeader(compressed: false, _announced);
            _written = 0;
        }

        return this;
    }

    public override void Complete()
    {
        if (_announced == 0 && _written < 0 && !_compress)
        {
            WriteHeader(compressed: false, 0);
        }
        else if (_written < 0)
        {
            WriteWhole(_collected is null ? [] : _collected.WrittenSpan);
        }
        else if (_written != _announced)
        {
            throw new InvalidOperationException(
                $"The serializer announced {_announced} bytes and wrote {_written}."
            );
        }

        _completed = true;
    }

    public override void Complete(byte[] payload)
    {
        WriteWhole(payload);
        _completed = true;
    }

    void IBufferWriter<byte>.Advance(int count)
    {
        _written += count;
        _output!.Advance(count);
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => _output!.GetMemory(sizeHint);

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => _output!.GetSpan(sizeHint);

    private void WriteWhole(ReadOnlySpan<byte> payload)
    {
        Limit(payload.Length);
        // A compressed stream of nothing has no header: GZipStream writes it with the first byte.
        if (!_compress || payload.IsEmpty)
        {
            WriteHeader(compressed: false, payload.Length);
            _output!.Write(payload);
            return;
        }

        using var compressed = new PooledBuffer(Math.Max(payload.Length / 2, 256));
        using (var target = new BufferWriterStream(compressed))
        using (var stream = compression!.CreateCompressionStream(target, level))
        {
            stream.Write(payload);
        }

        WriteHeader(compressed: true, compressed.Length);
        _output!.Write(compressed.WrittenSpan);
    }

    private void WriteHeader(bool compressed, int length)
    {
        IsPartial = true;
        MessageFrame.WriteHeader(_output!.GetSpan(MessageFrame.HeaderSize), compressed, length);
        _output.Advance(MessageFrame.HeaderSize);
    }

    private void Limit(int length)
    {
        if (length > maxSize)
        {
            throw WireStatus.SentTooLarge.Failure();
        }
    }
}
