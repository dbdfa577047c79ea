namespace ApiSvc.AiAdapter.Wire;

/// <summary>
/// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): CR, LF or both end a
/// line, comments and unknown fields are skipped, several data lines are one text. An event that is complete
/// but for its empty line is given out at the end too: some servers leave that out.
/// </summary>
internal sealed class SseParser(IFrameSink sink, int maxEventBytes) : IFrameParser
{
    private readonly PooledBuffer _line = new();
    private readonly PooledBuffer _data = new();
    private readonly PooledBuffer _name = new(64);
    private WireFault _fault;
    private long _seen;
    private bool _afterCr;
    private bool _hasData;
    private bool _first = true;

    public long Boundary { get; private set; }

    public WireFault Push(ReadOnlySpan<byte> bytes)
    {
        while (_fault == WireFault.None && !bytes.IsEmpty)
        {
            if (_afterCr)
            {
                _afterCr = false;
                if (bytes[0] == (byte)'\n')
                {
                    bytes = bytes[1..];
                    _seen++;
                    MoveBoundary();
                    continue;
                }
            }

            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            var length = end < 0 ? bytes.Length : end;
            if (_line.Length + length + _data.Length > maxEventBytes)
            {
                return _fault = WireFault.TooLarge;
            }

            if (end < 0)
            {
                _line.Append(bytes);
                _seen += bytes.Length;
                break;
            }

            _seen += end + 1;
            _afterCr = bytes[end] == (byte)'\r';
            TakeLine(bytes[..end]);
            MoveBoundary();
            bytes = bytes[(end + 1)..];
        }

        return _fault;
    }

    public WireFault Complete()
    {
        if (_fault == WireFault.None)
        {
            if (_line.Length > 0)
            {
                TakeLine([]);
            }

            Dispatch();
        }

        return _fault;
    }

    public void Dispose()
    {
        _line.Dispose();
        _data.Dispose();
        _name.Dispose();
    }

    // Between events nothing is pending: comments and empty lines there may be passed on too.
    private void MoveBoundary()
    {
        if (!_hasData && _name.Length == 0 && _line.Length == 0)
        {
            Boundary = _seen;
        }
    }

    private void TakeLine(ReadOnlySpan<byte> rest)
    {
        if (_line.Length == 0)
        {
            Line(rest);
            return;
        }

        _line.Append(rest);
        Line(_line.Span);
        _line.Clear();
    }

    private void Line(ReadOnlySpan<byte> line)
    {
        if (_first)
        {
            _first = false;
            line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        }

        if (line.IsEmpty)
        {
            Dispatch();
            return;
        }

        var colon = line.IndexOf((byte)':');
        var field = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? [] : line[(colon + 1)..];
        value = value.StartsWith(" "u8) ? value[1..] : value;
        if (field.SequenceEqual("data"u8))
        {
            if (_hasData)
            {
                _data.Append((byte)'\n');
            }

            _data.Append(value);
            _hasData = true;
        }
        else if (field.SequenceEqual("event"u8))
        {
            _name.Clear();
            _name.Append(value);
        }
    }

    private void Dispatch()
    {
        if (_hasData)
        {
            sink.Frame(_name.Span, _data.Span);
        }

        _hasData = false;
        _data.Clear();
        _name.Clear();
    }
}
