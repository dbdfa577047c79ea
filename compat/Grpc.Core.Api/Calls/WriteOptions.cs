namespace Grpc.Core;

/// <summary>How a message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>The message may wait for the next one instead of being flushed.</summary>
    BufferHint = 0x1,

    /// <summary>The message is not compressed, even if the call is.</summary>
    NoCompress = 0x2,
}

/// <summary>How messages are written, for a call or for one message.</summary>
public class WriteOptions(WriteFlags flags = default)
{
    /// <summary>Flushed at once, compressed as the call is.</summary>
    public static readonly WriteOptions Default = new();

    public WriteFlags Flags { get; } = flags;
}
