using System.Text;
using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>
/// The head of a request, read strictly by RFC 9112: what two servers could read in two ways is a fault, and nothing of it
/// goes on. Used for one request after the other.
/// </summary>
internal sealed class RequestHead
{
    private static readonly HeaderName[] FramingNames =
    [
        HeaderName.ContentLength,
        HeaderName.TransferEncoding,
    ];

    private byte[] _line = new byte[1_024];
    private int _lineLength;
    private int _methodLength;
    private int _targetStart;
    private int _targetLength;
    private int _authorityLength;
    private bool _closes;
    private bool _asksForUpgrade;

    public FieldTable Fields { get; } = new();

    public ReadOnlySpan<byte> Method => _line.AsSpan(0, _methodLength);

    /// <summary>Path and query, or <c>*</c>; empty where there is none that could be read.</summary>
    public ReadOnlyMemory<byte> Target => _line.AsMemory(_targetStart, _targetLength);

    /// <summary>The host with its port: of the absolute form, or else of the field.</summary>
    public ReadOnlySpan<byte> Host =>
        _authorityLength > 0
            ? _line.AsSpan(_targetStart - _authorityLength, _authorityLength)
            : Fields.Get(HeaderName.Host);

    public bool IsHttp10 { get; private set; }

    public BodyKind Body { get; private set; }

    /// <summary>Of <see cref="BodyKind.Length"/>; else 0.</summary>
    public long ContentLength { get; private set; }

    /// <summary>Whether the connection is to serve another request.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>Whether the client waits for 100 before it sends the body.</summary>
    public bool ExpectsContinue { get; private set; }

    /// <summary>Whether the Connection field names fields that are not for the next hop.</summary>
    public bool NamesFields { get; private set; }

    /// <summary>Whether the client asks to change to WebSocket (RFC 6455 section 4.1).</summary>
    public bool AsksForWebSocket { get; private set; }

    /// <summary>Length of the head as it came.</summary>
    public int Length { get; private set; }

    public void Clear()
    {
        Fields.Clear();
        _lineLength = 0;
        _methodLength = 0;
        _targetStart = 0;
        _targetLength = 0;
        _authorityLength = 0;
        _closes = false;
        _asksForUpgrade = false;
        IsHttp10 = false;
        Body = BodyKind.None;
        ContentLength = 0;
        KeepsAlive = false;
        ExpectsContinue = false;
        NamesFields = false;
        AsksForWebSocket = false;
        Length = 0;
    }

    /// <summary>Reads a whole head.</summary>
    /// <param name="head">From the first byte of the request line to the empty line's CRLF.</param>
    /// <param name="options">What is too long.</param>
    public HeadFault Read(ReadOnlySpan<byte> head, Http1Options options)
    {
        Length = head.Length;
        var end = head.IndexOf((byte)'\r');
        if (end < 0 || head[end + 1] != '\n')
        {
            return HeadFault.BadLine;
        }

        var fault = ReadLine(head[..end], options);
        if (fault == HeadFault.None)
        {
            fault = Fields.Read(head[(end + 2)..], options.MaxHeaderLines);
        }

        return fault == HeadFault.None ? Judge() : fault;
    }

    /// <summary>Reads what can be read of a head that is none, for the record of it.</summary>
    public void ReadBroken(ReadOnlySpan<byte> head, Http1Options options)
    {
        Length = head.Length;
        var end = head.IndexOfAny((byte)'\r', (byte)'\n');
        ReadLine(end < 0 ? head : head[..end], options);
    }

    /// <summary>Reads the request line: method, target, version, one space between them.</summary>
    public HeadFault ReadLine(ReadOnlySpan<byte> line, Http1Options options)
    {
        if (_line.Length < line.Length)
        {
            _line = new byte[line.Length];
        }

        line.CopyTo(_line);
        _lineLength = line.Length;
        var space = line.IndexOf((byte)' ');
        if (space <= 0 || line[..space].ContainsAnyExcept(WireBytes.Token))
        {
            return HeadFault.BadRequestLine;
        }

        _methodLength = space;
        var rest = line[(space + 1)..];
        var second = rest.IndexOf((byte)' ');
        if (second <= 0)
        {
            return HeadFault.BadRequestLine;
        }

        _targetStart = space + 1;
        _targetLength = second;
        var fault = ReadVersion(rest[(second + 1)..]);
        return fault != HeadFault.None ? fault
            : second > options.MaxTargetBytes ? HeadFault.TargetTooLong
            : ReadTarget(rest[..second]);
    }

    private HeadFault ReadVersion(ReadOnlySpan<byte> version)
    {
        if (version.SequenceEqual("HTTP/1.1"u8))
        {
            return HeadFault.None;
        }

        IsHttp10 = version.SequenceEqual("HTTP/1.0"u8);
        return IsHttp10 ? HeadFault.None
            : version.Length == 8
            && version.StartsWith("HTTP/"u8)
            && version[6] == '.'
            && char.IsAsciiDigit((char)version[5])
            && char.IsAsciiDigit((char)version[7])
                ? HeadFault.BadVersion
            : HeadFault.BadRequestLine;
    }

    // RFC 9112 section 3.2: a path, an absolute address, or an asterisk for OPTIONS alone.
    private HeadFault ReadTarget(ReadOnlySpan<byte> target)
    {
        if (Method.SequenceEqual("CONNECT"u8))
        {
            return HeadFault.BadMethod;
        }

        if (target.ContainsAnyExcept(WireBytes.Target))
        {
            return HeadFault.BadTarget;
        }

        if (target[0] == '/')
        {
            return HeadFault.None;
        }

        if (target.SequenceEqual("*"u8))
        {
            return Method.SequenceEqual("OPTIONS"u8) ? HeadFault.None : HeadFault.BadTarget;
        }

        return ReadAbsolute(target);
    }

    private HeadFault ReadAbsolute(ReadOnlySpan<byte> target)
    {
        var scheme = Starts(target, "http://"u8) ? 7 : (Starts(target, "https://"u8) ? 8 : 0);
        if (scheme == 0)
        {
            return HeadFault.BadTarget;
        }

        var length = target[scheme..].IndexOfAny((byte)'/', (byte)'?');
        if (length < 0)
        {
            length = target.Length - scheme;
        }

        if (!HostField.IsValid(target.Slice(scheme, length)))
        {
            return HeadFault.BadTarget;
        }

        _authorityLength = length;
        _targetStart += scheme + length;
        _targetLength -= scheme + length;
        if (_targetLength == 0 || _line[_targetStart] != '/')
        {
            // An address without a path is one with the path "/" (RFC 9112 section 3.2.1): the line makes room for it.
            MakeRoomForSlash();
        }

        return HeadFault.None;
    }

    private void MakeRoomForSlash()
    {
        var rest = _line.AsSpan(_targetStart, _lineLength - _targetStart).ToArray();
        if (_line.Length <= _lineLength)
        {
            Array.Resize(ref _line, _lineLength + 64);
        }

        _line[_targetStart] = (byte)'/';
        rest.CopyTo(_line.AsSpan(_targetStart + 1));
        _lineLength++;
        _targetLength++;
    }

    // What the fields say of the connection and of the body.
    private HeadFault Judge()
    {
        KeepsAlive = !IsHttp10;
        for (var i = 0; i < Fields.Length; i++)
        {
            var fault = JudgeField(Fields.KnownAt(i), i);
            if (fault != HeadFault.None)
            {
                return fault;
            }
        }

        var hosts = Fields.Count(HeaderName.Host);
        if (hosts > 1 || (hosts == 0 && !IsHttp10))
        {
            return HeadFault.BadHost;
        }

        var lengths = Fields.Count(HeaderName.ContentLength);
        var codings = Fields.Count(HeaderName.TransferEncoding);
        if (lengths + codings > 1 || (codings > 0 && IsHttp10))
        {
            return HeadFault.BadFraming;
        }

        Body =
            codings > 0 ? BodyKind.Chunked
            : ContentLength > 0 ? BodyKind.Length
            : BodyKind.None;
        AsksForWebSocket = _asksForUpgrade && IsWebSocket();
        return HeadFault.None;
    }

    private HeadFault JudgeField(HeaderName? name, int index)
    {
        var value = Fields.ValueAt(index);
        if (name is null)
        {
            return IsDisguised(Fields.NameAt(index)) ? HeadFault.BadFraming : HeadFault.None;
        }

        if (name == HeaderName.Host)
        {
            return HostField.IsValid(value) ? HeadFault.None : HeadFault.BadHost;
        }

        if (name == HeaderName.Connection)
        {
            ReadConnection(value);
            return HeadFault.None;
        }

        return name == HeaderName.ContentLength ? ReadLength(value)
            : name == HeaderName.TransferEncoding ? JudgeCoding(value)
            : name == HeaderName.Expect ? ReadExpectation(value)
            : HeadFault.None;
    }

    private HeadFault ReadLength(ReadOnlySpan<byte> value)
    {
        var length = LengthField.Parse(value);
        ContentLength = Math.Max(0, length);
        return length >= 0 ? HeadFault.None : HeadFault.BadFraming;
    }

    // Chunked alone is known. With another one before it, it is a coding that is not; anything else is a trick.
    private static HeadFault JudgeCoding(ReadOnlySpan<byte> value) =>
        Ascii.EqualsIgnoreCase(value, "chunked"u8) ? HeadFault.None
        : CodingField.IsUnknown(value) ? HeadFault.BadCoding
        : HeadFault.BadFraming;

    private void ReadConnection(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)','))
        {
            var option = WireBytes.Trim(value[range]);
            if (Ascii.EqualsIgnoreCase(option, "close"u8))
            {
                KeepsAlive = false;
                _closes = true;
            }
            else if (Ascii.EqualsIgnoreCase(option, "keep-alive"u8))
            {
                KeepsAlive |= !_closes;
            }
            else if (Ascii.EqualsIgnoreCase(option, "upgrade"u8))
            {
                _asksForUpgrade = true;
            }
            else if (!option.IsEmpty)
            {
                NamesFields = true;
            }
        }
    }

    private HeadFault ReadExpectation(ReadOnlySpan<byte> value)
    {
        if (!Ascii.EqualsIgnoreCase(value, "100-continue"u8))
        {
            return HeadFault.BadExpectation;
        }

        // Of HTTP/1.0 it is to be ignored (RFC 9110 section 10.1.1).
        ExpectsContinue = !IsHttp10;
        return HeadFault.None;
    }

    private bool IsWebSocket() =>
        !IsHttp10
        && Body == BodyKind.None
        && Method.SequenceEqual("GET"u8)
        && Fields.Count(HeaderName.Upgrade) == 1
        && Ascii.EqualsIgnoreCase(Fields.Get(HeaderName.Upgrade), "websocket"u8);

    // Programs behind a gateway turn hyphens into underscores and then take one name for the other.
    private static bool IsDisguised(ReadOnlySpan<byte> name)
    {
        if (!name.Contains((byte)'_'))
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[32];
        if (name.Length > plain.Length)
        {
            return false;
        }

        name.Replace(plain, (byte)'_', (byte)'-');
        foreach (var framing in FramingNames)
        {
            if (Ascii.EqualsIgnoreCase(plain[..name.Length], framing.Utf8.Span))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Starts(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);
}
