using ApiSvc.Gateway.Http1.Wire;

namespace ApiSvc.Gateway.Http1.Connections;

/// <summary>What is there of a head.</summary>
internal enum HeadEvent
{
    /// <summary>Not enough to say.</summary>
    None,

    Whole,

    /// <summary>It can become none any more.</summary>
    Broken,

    /// <summary>Nothing comes.</summary>
    End,
}

/// <summary>
/// Finds the end of a head among the bytes that came, looking at each once, however small the pieces are. What can become
/// no head any more is seen at once, not only when its end fails to come.
/// </summary>
internal sealed class HeadScanner(Http1Options options)
{
    // Method, spaces and version beside the target.
    private const int RestOfLine = 64;

    private int _scanned;
    private bool _hasLine;
    private bool _skipped;

    /// <summary>Length of the head, or of what there is of a broken one.</summary>
    public int Length { get; private set; }

    /// <summary>What is wrong with a broken one.</summary>
    public HeadFault Fault { get; private set; }

    public void Begin()
    {
        _scanned = 0;
        _hasLine = false;
        _skipped = false;
        Length = 0;
        Fault = HeadFault.None;
    }

    public HeadEvent Scan(WireReader reader)
    {
        // One empty line before a request is to be overlooked (RFC 9112 section 2.2): old clients end bodies with it.
        if (!_skipped && _scanned <= 1 && reader.Span.StartsWith(WireBytes.NewLine))
        {
            _skipped = true;
            _scanned = 0;
            reader.Consume(2);
            if (reader.Length == 0)
            {
                return HeadEvent.None;
            }
        }

        var span = reader.Span;
        var from = Math.Max(0, _scanned - 3);
        var end = span[from..].IndexOf(WireBytes.EndOfHead);
        if (end >= 0)
        {
            Length = from + end + 4;
            return Length > options.MaxHeadBytes
                ? Refuse(reader, HeadFault.TooLong)
                : HeadEvent.Whole;
        }

        var fault = Look(span, Math.Max(0, _scanned - 1));
        _scanned = span.Length;
        return fault == HeadFault.None ? HeadEvent.None : Refuse(reader, fault);
    }

    public HeadEvent Refuse(WireReader reader, HeadFault fault)
    {
        Fault = fault;
        Length = reader.Length;
        return HeadEvent.Broken;
    }

    private HeadFault Look(ReadOnlySpan<byte> span, int from)
    {
        if (_scanned == 0 && span[0] != '\r' && !WireBytes.Token.Contains(span[0]))
        {
            return HeadFault.BadRequestLine;
        }

        if (from > 0 && span[from] == '\n' && span[from - 1] == '\r')
        {
            // The end of a line that was looked at with what came before.
            from++;
        }

        for (var at = from; at < span.Length; at++)
        {
            var next = span[at..].IndexOfAny((byte)'\r', (byte)'\n');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (span[at] == '\n' || (at + 1 < span.Length && span[at + 1] != '\n'))
            {
                return HeadFault.BadLine;
            }

            if (at + 1 == span.Length)
            {
                break;
            }

            if (!_hasLine && HeadFaultOf(span[..at]) is var fault and not HeadFault.None)
            {
                return fault;
            }

            _hasLine = true;
            at++;
        }

        return span.Length > options.MaxHeadBytes ? HeadFault.TooLong
            : !_hasLine && span.Length > options.MaxTargetBytes + RestOfLine
                ? HeadFault.TargetTooLong
            : HeadFault.None;
    }

    private HeadFault HeadFaultOf(ReadOnlySpan<byte> line) =>
        new RequestHead().ReadLine(line, options);
}
