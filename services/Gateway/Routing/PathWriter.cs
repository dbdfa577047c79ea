using System.Text;

namespace ApiSvc.Gateway.Routing;

/// <summary>Writes the normal form of one path, segment by segment.</summary>
internal ref struct PathWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;
    private int _segment;
    private bool _hasSkippedEmpty;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public PathFault Write(ReadOnlySpan<byte> path)
    {
        if (_buffer.IsEmpty)
        {
            return PathFault.TooLong;
        }

        _buffer[0] = (byte)'/';
        _length = _segment = 1;
        var rest = path[1..];
        while (true)
        {
            var slash = rest.IndexOf((byte)'/');
            var fault = WriteSegment(slash < 0 ? rest : rest[..slash]);
            if (fault == PathFault.None)
            {
                fault = EndSegment(isLast: slash < 0);
            }

            if (fault != PathFault.None || slash < 0)
            {
                return fault;
            }

            rest = rest[(slash + 1)..];
        }
    }

    private PathFault WriteSegment(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            // The longest token is one encoded character of four bytes.
            if (_buffer.Length - _length < 12 && _buffer.Length - _length < 3 * segment.Length)
            {
                return PathFault.TooLong;
            }

            var value = segment[0];
            if (value == '%')
            {
                var fault = WriteEncoded(segment, out var taken);
                if (fault != PathFault.None)
                {
                    return fault;
                }

                segment = segment[taken..];
                continue;
            }

            if (PathBytes.IsPlain(value))
            {
                _buffer[_length++] = value;
            }
            else if (PathBytes.IsTolerated(value))
            {
                Encode(value);
            }
            else
            {
                return PathFault.InvalidByte;
            }

            segment = segment[1..];
        }

        return PathFault.None;
    }

    private PathFault WriteEncoded(ReadOnlySpan<byte> rest, out int taken)
    {
        taken = 3;
        var value = PathBytes.Hex(rest[1..]);
        switch (value)
        {
            case < 0:
                return PathFault.InvalidEncoding;
            case < 0x20 or 0x7F:
                return PathFault.EncodedControl;
            case '/' or '\\':
                return PathFault.EncodedSeparator;
            case '%' when HidesSeparator(rest[3..]):
                return PathFault.DoubleEncoding;
            case >= 0x80:
                return WriteCharacter(rest, out taken);
        }

        if (PathBytes.IsUnreserved((byte)value))
        {
            _buffer[_length++] = (byte)value;
        }
        else
        {
            Encode((byte)value);
        }

        return PathFault.None;
    }

    // Overlong and broken UTF-8 is where decoders differ (a dot as %C0%AE).
    private PathFault WriteCharacter(ReadOnlySpan<byte> rest, out int taken)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        while (
            count < 4
            && rest.Length > 3 * count
            && rest[3 * count] == '%'
            && PathBytes.Hex(rest[((3 * count) + 1)..]) is >= 0x80 and var value
        )
        {
            bytes[count++] = (byte)value;
        }

        var status = Rune.DecodeFromUtf8(bytes[..count], out _, out var consumed);
        taken = 3 * consumed;
        if (status != System.Buffers.OperationStatus.Done)
        {
            return PathFault.InvalidEncoding;
        }

        foreach (var value in bytes[..consumed])
        {
            Encode(value);
        }

        return PathFault.None;
    }

    private static bool HidesSeparator(ReadOnlySpan<byte> rest)
    {
        while (rest.StartsWith("25"u8))
        {
            rest = rest[2..];
        }

        return PathBytes.Hex(rest) is '.' or '/' or '\\';
    }

    private void Encode(byte value)
    {
        PathBytes.Encode(value, _buffer[_length..]);
        _length += 3;
    }

    private PathFault EndSegment(bool isLast)
    {
        ReadOnlySpan<byte> segment = _buffer[_segment.._length];
        if (segment.IsEmpty)
        {
            _hasSkippedEmpty |= !isLast;
            return PathFault.None;
        }

        var semicolon = segment.IndexOf((byte)';');
        var name = semicolon < 0 ? segment : segment[..semicolon];
        var isParent = name.SequenceEqual(".."u8);
        if (isParent || name.SequenceEqual("."u8))
        {
            if (semicolon >= 0)
            {
                return PathFault.AmbiguousSegment;
            }

            _length = _segment;
            return isParent ? Climb() : PathFault.None;
        }

        if (name.IsEmpty)
        {
            return PathFault.AmbiguousSegment;
        }

        if (!isLast)
        {
            if (_length == _buffer.Length)
            {
                return PathFault.TooLong;
            }

            _buffer[_length++] = (byte)'/';
            _segment = _length;
        }

        return PathFault.None;
    }

    private PathFault Climb()
    {
        if (_hasSkippedEmpty)
        {
            return PathFault.AmbiguousSegment;
        }

        if (_segment == 1)
        {
            return PathFault.AboveRoot;
        }

        _length = _segment = _buffer[..(_segment - 1)].LastIndexOf((byte)'/') + 1;
        return PathFault.None;
    }
}
