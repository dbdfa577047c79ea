using System.Buffers;

namespace Grpc.Core;

/// <summary>Takes the bytes of one message.</summary>
public abstract class SerializationContext
{
    /// <summary>The message is this array.</summary>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException();

    /// <summary>Takes the message in pieces, until <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException();

    /// <summary>Said before the first byte is written, spares a copy.</summary>
    public virtual void SetPayloadLength(int payloadLength) { }

    /// <summary>The message is what was written.</summary>
    public virtual void Complete() => throw new NotSupportedException();
}

/// <summary>Gives the bytes of one message.</summary>
public abstract class DeserializationContext
{
    /// <summary>In bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>A copy of the message.</summary>
    public virtual byte[] PayloadAsNewBuffer() => throw new NotSupportedException();

    /// <summary>The message where it lies; valid only while it is read.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() =>
        throw new NotSupportedException();
}
