using System.Globalization;
using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>Reads answers strictly: what is not as RFC 9112 has it is a failure of the test.</summary>
/// <exception cref="EndOfStreamException">The connection ended within an answer.</exception>
/// <exception cref="FormatException">What came is no answer.</exception>
internal sealed class AnswerReader(Stream stream)
{
    private readonly List<(string Name, string Value)> _none = [];
    private byte[] _buffer = new byte[16 << 10];
    private int _start;
    private int _end;

    /// <summary>Whether the connection ended by a reset.</summary>
    public bool WasReset { get; private set; }

    /// <summary>All bytes that came.</summary>
    public long Received { get; private set; }

    public async Task<WireAnswer> ReadAsync(string method, CancellationToken stop)
    {
        var before = new List<WireAnswer>();
        while (true)
        {
            var answer = await ReadOneAsync(method, stop);
            if (answer.Status is >= 200 or 101)
            {
                return answer with { Before = before };
            }

            before.Add(answer);
        }
    }

    /// <summary>Reads one answer, also if it is a 1xx.</summary>
    public async Task<WireAnswer> ReadOneAsync(string method, CancellationToken stop)
    {
        var line = await ReadLineAsync(stop);
        if (
            line.Length < 13
            || line[8] != ' '
            || line[12] != ' '
            || line[..8] is not ("HTTP/1.1" or "HTTP/1.0")
            || !int.TryParse(
                line[9..12],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var status
            )
        )
        {
            throw new FormatException($"No status line: {line}");
        }

        var fields = await ReadFieldsAsync(stop);
        var head = new WireAnswer(line[..8], status, fields, [], _none, AnswerEnd.Head);
        return method == "HEAD" || status is < 200 or 204 or 304
            ? head
            : await ReadBodyAsync(head, stop);
    }

    /// <summary>Reads exactly so many bytes, of whatever they are.</summary>
    public async Task<byte[]> ReadExactlyAsync(long count, CancellationToken stop)
    {
        var bytes = new byte[count];
        for (var done = 0L; done < count; )
        {
            if (_start == _end && !await FillAsync(stop))
            {
                throw new EndOfStreamException($"Ended after {done} of {count} bytes.");
            }

            var part = (int)Math.Min(count - done, _end - _start);
            _buffer.AsSpan(_start, part).CopyTo(bytes.AsSpan((int)done));
            _start += part;
            done += part;
        }

        return bytes;
    }

    /// <summary>Reads what comes until the connection ends.</summary>
    public async Task<byte[]> ReadToEndAsync(CancellationToken stop)
    {
        using var all = new MemoryStream();
        do
        {
            all.Write(_buffer, _start, _end - _start);
            _start = _end;
        } while (await FillAsync(stop));
        return all.ToArray();
    }

    private async Task<WireAnswer> ReadBodyAsync(WireAnswer head, CancellationToken stop)
    {
        var coding = head["Transfer-Encoding"];
        var length = head["Content-Length"];
        if (coding is not null)
        {
            if (coding != "chunked" || length is not null || head.Version != "HTTP/1.1")
            {
                throw new FormatException(
                    $"Framing of an answer: {coding}, {length}, {head.Version}"
                );
            }

            var (body, trailers) = await ReadChunksAsync(stop);
            return head with { Body = body, Trailers = trailers, End = AnswerEnd.Chunks };
        }

        if (length is null)
        {
            return head with { Body = await ReadToEndAsync(stop), End = AnswerEnd.Close };
        }

        var count = long.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture);
        return head with { Body = await ReadExactlyAsync(count, stop), End = AnswerEnd.Length };
    }

    private async Task<(byte[], List<(string, string)>)> ReadChunksAsync(CancellationToken stop)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var size = long.Parse(
                await ReadLineAsync(stop),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture
            );
            if (size == 0)
            {
                return (body.ToArray(), await ReadFieldsAsync(stop));
            }

            body.Write(await ReadExactlyAsync(size, stop));
            if ((await ReadLineAsync(stop)).Length > 0)
            {
                throw new FormatException("A chunk is longer than it says.");
            }
        }
    }

    private async Task<List<(string Name, string Value)>> ReadFieldsAsync(CancellationToken stop)
    {
        var fields = new List<(string, string)>();
        while (await ReadLineAsync(stop) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || line.AsSpan(0, colon).ContainsAny(" \t\0"))
            {
                throw new FormatException($"No field: {line}");
            }

            fields.Add((line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        return fields;
    }

    private async Task<string> ReadLineAsync(CancellationToken stop)
    {
        var looked = 0;
        int at;
        while (
            (at = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n')) < 0
        )
        {
            looked = _end - _start;
            if (!await FillAsync(stop))
            {
                throw new EndOfStreamException(
                    $"Ended within a line: {Encoding.Latin1.GetString(_buffer, _start, _end - _start)}"
                );
            }
        }

        at += looked;
        var line = Encoding.Latin1.GetString(_buffer, _start, at + 1);
        _start += at + 1;
        return
            line.EndsWith("\r\n", StringComparison.Ordinal)
            && line.IndexOf('\r', StringComparison.Ordinal) == at - 1
            ? line[..^2]
            : throw new FormatException($"No line: {line}");
    }

    private async Task<bool> FillAsync(CancellationToken stop)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            var count = await stream.ReadAsync(_buffer.AsMemory(_end), stop);
            _end += count;
            Received += count;
            return count > 0;
        }
        catch (IOException)
        {
            WasReset = true;
            return false;
        }
    }
}
