using System.Buffers;
using Grpc.Core;

namespace Grpc.Net.Wire;

/// <summary>Makes messages of the bytes of frames: decompresses, keeps to the limit, deserializes. One per direction of a call.</summary>
internal sealed class MessageDecoder(Encodings encodings, string? encoding, int? maxSize)
    : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public int? MaxSize => maxSize;

    public override int PayloadLength => (int)_payload.Length;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    /// <exception cref="RpcException">The message cannot be decompressed, or is too large then.</exception>
    public T Decode<T>(
        ReadOnlySequence<byte> payload,
        bool compressed,
        Func<DeserializationContext, T> deserialize
    )
    {
        if (!compressed)
        {
            return Deserialize(payload, deserialize);
        }

        using var plain = Decompress(payload);
        return Deserialize(new ReadOnlySequence<byte>(plain.WrittenMemory), deserialize);
    }

    private T Deserialize<T>(
        ReadOnlySequence<byte> payload,
        Func<DeserializationContext, T> deserialize
    )
    {
        _payload = payload;
        try
        {
            return deserialize(this);
        }
        finally
        {
            _payload = default;
        }
    }

    private PooledBuffer Decompress(ReadOnlySequence<byte> payload)
    {
        if (Encodings.IsIdentity(encoding))
        {
            throw WireStatus.CompressedIdentity.Failure();
        }

        var provider =
            encodings.Find(encoding)
            ?? throw new UnsupportedEncodingException(
                $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {encodings.Accepted}"
            );
        var plain = new PooledBuffer(
            (int)Math.Min(Math.Max(payload.Length * 4, 256), maxSize ?? int.MaxValue)
        );
        try
        {
            using var source = new SequenceStream(payload);
            using var stream = provider.CreateDecompressionStream(source);
            int read;
            while ((read = stream.Read(plain.GetSpan(256))) > 0)
            {
                plain.Advance(read);
                if (plain.Length > maxSize)
                {
                    throw WireStatus.ReceivedTooLarge.Failure();
                }
            }

            return plain;
        }
        catch (InvalidDataException e)
        {
            plain.Dispose();
            throw new RpcException(
                new Status(StatusCode.Internal, "The compressed message is broken.", e)
            );
        }
        catch
        {
            plain.Dispose();
            throw;
        }
    }
}

/// <summary>The peer compresses in a way that is not known here; a server says then which ones are.</summary>
internal sealed class UnsupportedEncodingException(string detail)
    : RpcException(new Status(StatusCode.Unimplemented, detail));
