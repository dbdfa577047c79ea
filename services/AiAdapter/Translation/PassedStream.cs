using System.Buffers;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>
/// An answer whose bytes are the client's format already: passed on untouched, event by event, while a reader
/// listens for counts and the end. Bytes of an event that broke off are not passed on: an error takes their
/// place.
/// </summary>
internal sealed class PassedStream : IAnswerStream
{
    private const int MostHeld = 64 << 10;

    private readonly InboundFormat _inbound;
    private readonly AnswerContext _answer;
    private readonly IBufferWriter<byte> _output;
    private readonly IStreamReader _reader;
    private readonly PooledBuffer _pending = new(4096);
    private readonly bool _hidesUsage;
    private long _passed;
    private bool _broken;

    public PassedStream(
        ProviderFamily family,
        ReadContext read,
        InboundFormat inbound,
        AnswerContext answer,
        IBufferWriter<byte> output
    )
    {
        _inbound = inbound;
        _answer = answer;
        _output = output;
        _hidesUsage = inbound.Name == FormatNames.ChatCompletions && !answer.Request.StreamUsage;
        Tap = new(Nobody.Instance);
        _reader = family.ReadStream(read, Tap);
    }

    public CallTap Tap { get; }

    public bool Ended => _reader.Ended;

    public void Push(ReadOnlySpan<byte> bytes)
    {
        if (_broken)
        {
            return;
        }

        _pending.Append(bytes);
        _reader.Push(bytes);
        Pass();
    }

    public void Complete()
    {
        if (!_broken)
        {
            _reader.Complete();
            Pass();
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _pending.Dispose();
    }

    private void Pass()
    {
        // Parts that only this format has are no blocks: they are not held back for ever.
        if (Tap.Failed is null && _pending.Length > MostHeld)
        {
            Tap.Pass();
        }

        // Nothing yet, or a failure before the first token: another provider may still answer.
        if (!Tap.Passed)
        {
            _broken = Tap.Failed is not null;
            return;
        }

        // After its end everything belongs to the answer, were it only a line end.
        var whole = Tap.Finished is null ? (int)(_reader.Boundary - _passed) : _pending.Length;
        Write(_pending.Span[..whole]);
        _pending.Consume(whole);
        _passed += whole;
        if (Tap.Failed is { } failure)
        {
            _broken = true;

            // An error the provider told in this format has been passed on as its own event.
            if (failure.Kind is FailureKind.Cut or FailureKind.Malformed)
            {
                _inbound.WriteBreak(failure, _answer.CallId, _reader.Frames, _output);
            }
        }
    }

    private void Write(ReadOnlySpan<byte> events)
    {
        if (!_hidesUsage)
        {
            _output.Write(events);
            return;
        }

        // Counts were asked for on the client's behalf; it does not expect their event.
        while (!events.IsEmpty)
        {
            var end = EndOfEvent(events);
            var one = events[..end];
            if (!IsUsage(one))
            {
                _output.Write(one);
            }

            events = events[end..];
        }
    }

    private static int EndOfEvent(ReadOnlySpan<byte> events)
    {
        var plain = events.IndexOf("\n\n"u8);
        var crlf = events.IndexOf("\r\n\r\n"u8);
        if (crlf >= 0 && (plain < 0 || crlf < plain))
        {
            return crlf + 4;
        }

        return plain < 0 ? events.Length : plain + 2;
    }

    private static bool IsUsage(ReadOnlySpan<byte> one) =>
        one.IndexOf("\"usage\""u8) >= 0
        && (one.IndexOf("\"choices\":[]"u8) >= 0 || one.IndexOf("\"choices\": []"u8) >= 0);

    private sealed class Nobody : IHubEvents
    {
        public static Nobody Instance { get; } = new();

        public void Start(in AnswerStart start) { }

        public void BlockStart(in BlockStart block) { }

        public void Delta(ReadOnlySpan<byte> utf8) { }

        public void BlockStop(Opaque? opaque) { }

        public void Usage(in Usage usage) { }

        public void Finish(in Finish finish) { }

        public void Fail(Failure failure) { }
    }
}
