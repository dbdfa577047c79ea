using System.Buffers.Binary;

namespace ApiSvc.AiAdapter.Wire;

/// <summary>
/// AWS' <c>application/vnd.amazon.eventstream</c>: total length, length of headers, CRC of these two, headers,
/// payload, CRC of all before it; big-endian. Gives out the payload under <c>:event-type</c>, an exception's
/// under <c>!</c> and <c>:exception-type</c> (or <c>:error-code</c>).
/// </summary>
internal sealed class EventStreamParser(IFrameSink sink, int maxEventBytes) : IFrameParser
{
    private const int PreludeBytes = 12;
    private const int CrcBytes = 4;
    private const byte StringValue = 7;

    private readonly PooledBuffer _pending = new(1024);
    private readonly PooledBuffer _name = new(64);
    private WireFault _fault;

    public long Boundary { get; private set; }

    public WireFault Push(ReadOnlySpan<byte> bytes)
    {
        while (_fault == WireFault.None && !bytes.IsEmpty)
        {
            var needed = Needed();
            var taken = Math.Min(needed - _pending.Length, bytes.Length);
            _pending.Append(bytes[..taken]);
            bytes = bytes[taken..];
            if (_pending.Length == needed)
            {
                _fault = needed == PreludeBytes ? CheckPrelude() : TakeMessage();
            }
        }

        return _fault;
    }

    public WireFault Complete() =>
        _fault == WireFault.None && _pending.Length > 0 ? _fault = WireFault.Truncated : _fault;

    public void Dispose()
    {
        _pending.Dispose();
        _name.Dispose();
    }

    private int Needed() =>
        _pending.Length < PreludeBytes
            ? PreludeBytes
            : (int)BinaryPrimitives.ReadUInt32BigEndian(_pending.Span);

    private WireFault CheckPrelude()
    {
        var prelude = _pending.Span;
        var total = BinaryPrimitives.ReadUInt32BigEndian(prelude);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(prelude[4..]);
        if (BinaryPrimitives.ReadUInt32BigEndian(prelude[8..]) != Crc32.Of(prelude[..8]))
        {
            return WireFault.Corrupt;
        }

        if (total > (uint)maxEventBytes)
        {
            return WireFault.TooLarge;
        }

        return total < PreludeBytes + CrcBytes || headers > total - PreludeBytes - CrcBytes
            ? WireFault.Corrupt
            : WireFault.None;
    }

    private WireFault TakeMessage()
    {
        var message = _pending.Span;
        var end = message.Length - CrcBytes;
        if (BinaryPrimitives.ReadUInt32BigEndian(message[end..]) != Crc32.Of(message[..end]))
        {
            return WireFault.Corrupt;
        }

        var headers = (int)BinaryPrimitives.ReadUInt32BigEndian(message[4..]);
        if (!ReadHeaders(message.Slice(PreludeBytes, headers)))
        {
            return WireFault.Corrupt;
        }

        Boundary += message.Length;
        sink.Frame(_name.Span, message[(PreludeBytes + headers)..end]);
        _pending.Clear();
        return WireFault.None;
    }

    private bool ReadHeaders(ReadOnlySpan<byte> headers)
    {
        _name.Clear();
        while (!headers.IsEmpty)
        {
            var nameLength = headers[0];
            if (headers.Length < nameLength + 2)
            {
                return false;
            }

            var name = headers.Slice(1, nameLength);
            var type = headers[nameLength + 1];
            headers = headers[(nameLength + 2)..];
            if (!TakeValue(ref headers, type, out var value))
            {
                return false;
            }

            if (type == StringValue)
            {
                Note(name, value);
            }
        }

        return true;
    }

    private void Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual(":event-type"u8))
        {
            _name.Append(value);
        }
        else if (name.SequenceEqual(":exception-type"u8) || name.SequenceEqual(":error-code"u8))
        {
            _name.Append((byte)'!');
            _name.Append(value);
        }
    }

    // Types: 0 true, 1 false, 2 byte, 3 short, 4 int, 5 long, 6 bytes, 7 string, 8 time, 9 UUID.
    private static bool TakeValue(
        ref ReadOnlySpan<byte> rest,
        byte type,
        out ReadOnlySpan<byte> value
    )
    {
        var skip = 0;
        var length = type switch
        {
            0 or 1 => 0,
            2 => 1,
            3 => 2,
            4 => 4,
            5 or 8 => 8,
            9 => 16,
            6 or StringValue when rest.Length >= 2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            _ => int.MaxValue - 2,
        };
        if (type is 6 or StringValue)
        {
            skip = 2;
        }

        if (rest.Length < length + skip)
        {
            value = default;
            return false;
        }

        value = rest.Slice(skip, length);
        rest = rest[(skip + length)..];
        return true;
    }
}
