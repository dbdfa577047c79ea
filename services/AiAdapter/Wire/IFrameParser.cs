namespace ApiSvc.AiAdapter.Wire;

/// <summary>What made a stream unreadable.</summary>
internal enum WireFault
{
    None,

    /// <summary>One event is larger than allowed.</summary>
    TooLarge,

    /// <summary>A checksum, length or header is wrong.</summary>
    Corrupt,

    /// <summary>The bytes ended within an event.</summary>
    Truncated,
}

/// <summary>Where one event of a stream goes. The bytes are only valid during the call.</summary>
internal interface IFrameSink
{
    /// <param name="name">The event's name; empty where the framing has none.</param>
    void Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data);
}

/// <summary>
/// Cuts a stream of bytes into events, in whatever pieces the bytes come. After a fault it takes no more.
/// </summary>
internal interface IFrameParser : IDisposable
{
    /// <summary>
    /// How many of all bytes so far belong to events that are complete: what may be passed on as it is.
    /// </summary>
    long Boundary { get; }

    WireFault Push(ReadOnlySpan<byte> bytes);

    /// <summary>The stream has ended: gives out an event that lacks only its last line end.</summary>
    WireFault Complete();
}
