namespace ApiSvc.AiAdapter.Wire;

/// <summary>A JSON value a line, as Ollama streams; empty lines say nothing.</summary>
internal sealed class NdjsonParser(IFrameSink sink, int maxEventBytes) : IFrameParser
{
    private readonly PooledBuffer _line = new();
    private WireFault _fault;
    private long _seen;

    public long Boundary { get; private set; }

    public WireFault Push(ReadOnlySpan<byte> bytes)
    {
        while (_fault == WireFault.None && !bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            if (_line.Length + part.Length > maxEventBytes)
            {
                return _fault = WireFault.TooLarge;
            }

            if (end < 0)
            {
                _line.Append(part);
                _seen += part.Length;
                break;
            }

            _seen += end + 1;
            if (_line.Length == 0)
            {
                Give(part);
            }
            else
            {
                _line.Append(part);
                Give(_line.Span);
                _line.Clear();
            }

            Boundary = _seen;
            bytes = bytes[(end + 1)..];
        }

        return _fault;
    }

    public WireFault Complete()
    {
        if (_fault == WireFault.None)
        {
            Give(_line.Span);
            _line.Clear();
        }

        return _fault;
    }

    public void Dispose() => _line.Dispose();

    private void Give(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd((byte)'\r');
        if (!line.IsEmpty)
        {
            sink.Frame([], line);
        }
    }
}
