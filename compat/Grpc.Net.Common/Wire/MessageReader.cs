using System.IO.Pipelines;
using Grpc.Core;

namespace Grpc.Net.Wire;

/// <summary>Reads messages from a pipe, parsing them where they lie.</summary>
internal sealed class MessageReader<T>(
    PipeReader pipe,
    MessageDecoder decoder,
    Func<DeserializationContext, T> deserialize
)
    where T : class
{
    /// <summary>The next message; null at the end of the stream.</summary>
    /// <exception cref="RpcException">The stream is broken, or the message too large.</exception>
    public async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            switch (
                MessageFrame.TryRead(buffer, decoder.MaxSize, out var compressed, out var payload)
            )
            {
                case FrameState.Message:
                    T message;
                    try
                    {
                        message = decoder.Decode(payload, compressed, deserialize);
                    }
                    finally
                    {
                        pipe.AdvanceTo(payload.End);
                    }

                    return message;
                case FrameState.TooLarge:
                    pipe.AdvanceTo(buffer.Start);
                    throw WireStatus.ReceivedTooLarge.Failure();
                case FrameState.BadFlag:
                    pipe.AdvanceTo(buffer.Start);
                    throw WireStatus.BadFlag.Failure();
                default:
                    pipe.AdvanceTo(buffer.Start, buffer.End);
                    if (!result.IsCompleted)
                    {
                        continue;
                    }

                    return buffer.IsEmpty ? null : throw WireStatus.Incomplete.Failure();
            }
        }
    }

    /// <summary>The only message of the stream.</summary>
    /// <exception cref="RpcException">There is none or more than one, or it is broken or too large.</exception>
    public async ValueTask<T> ReadSingleAsync(CancellationToken cancellationToken)
    {
        var message = await ReadAsync(cancellationToken) ?? throw WireStatus.Incomplete.Failure();
        await EndAsync(cancellationToken);
        return message;
    }

    /// <summary>Waits for the end of the stream, after its last message.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken);
            var empty = result.Buffer.IsEmpty;
            pipe.AdvanceTo(result.Buffer.End);
            if (!empty)
            {
                throw WireStatus.AdditionalData.Failure();
            }

            if (result.IsCompleted)
            {
                return;
            }
        }
    }
}
