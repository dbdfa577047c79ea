using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>
/// What readers of streams share: framing, and that whatever is wrong with a stream ends the answer as a
/// failure, once.
/// </summary>
internal abstract class FramedStreamReader : IStreamReader, IFrameSink
{
    private readonly IFrameParser _parser;
    private bool _completing;

    // Before an event that cannot be read: it is not to be passed on either.
    private long? _goodUntil;

    protected FramedStreamReader(
        ReadContext context,
        IHubEvents events,
        Func<IFrameSink, int, IFrameParser> parser
    )
    {
        Context = context;
        Answer = new(events);
        _parser = parser(this, context.MaxEventBytes);
    }

    public bool Ended => Answer.Ended;

    public long Boundary => _goodUntil ?? _parser.Boundary;

    public long Frames { get; private set; }

    protected ReadContext Context { get; }

    protected AnswerSource Answer { get; }

    /// <summary>For a string at a time.</summary>
    protected PooledBuffer Scratch { get; } = new();

    public void Push(ReadOnlySpan<byte> bytes)
    {
        if (!Ended)
        {
            Judge(_parser.Push(bytes));
        }
    }

    public void Complete()
    {
        if (Ended)
        {
            return;
        }

        _completing = true;
        Judge(_parser.Complete());
        if (!Ended)
        {
            EndOfBytes();
        }
    }

    public void Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (Ended)
        {
            return;
        }

        Frames++;
        try
        {
            Read(name, data);
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            _goodUntil = _parser.Boundary;

            // What is not whole when the bytes end was cut, not written badly.
            Answer.Fail(_completing ? Cut() : Malformed("an event that is not the format's JSON"));
        }
    }

    public virtual void Dispose()
    {
        _parser.Dispose();
        Scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One event. JSON exceptions mean: malformed.</summary>
    protected abstract void Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data);

    /// <summary>The bytes ended and the answer has not: most formats say when they end.</summary>
    protected virtual void EndOfBytes() => Answer.Fail(Cut());

    protected static Failure Cut() =>
        new(FailureKind.Cut, "The provider's answer ended before it was complete.");

    protected static Failure Malformed(string what) =>
        new(FailureKind.Malformed, $"The provider sent {what}.");

    private void Judge(WireFault fault)
    {
        if (fault != WireFault.None)
        {
            Answer.Fail(
                fault switch
                {
                    WireFault.TooLarge => Malformed("an event larger than allowed"),
                    WireFault.Truncated => Cut(),
                    _ => Malformed("an event with a wrong checksum or length"),
                }
            );
        }
    }
}
