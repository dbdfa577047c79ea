using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>
/// The trailer section of a chunked body (RFC 9110 section 6.5). Fields that say how a message is framed, routed or
/// judged have no place there and do not go on.
/// </summary>
internal sealed class TrailerBytes
{
    private static readonly HeaderName[] Forbidden =
    [
        HeaderName.TransferEncoding,
        HeaderName.ContentLength,
        HeaderName.Host,
        HeaderName.Connection,
        HeaderName.KeepAlive,
        HeaderName.Upgrade,
        HeaderName.TE,
        HeaderName.Trailer,
        HeaderName.Expect,
        HeaderName.Authorization,
        HeaderName.ProxyAuthorization,
        HeaderName.ProxyAuthenticate,
        HeaderName.ProxyConnection,
        HeaderName.ContentType,
        HeaderName.CacheControl,
        HeaderName.Forwarded,
        HeaderName.XForwardedFor,
        HeaderName.XForwardedHost,
        HeaderName.XForwardedProto,
        HeaderName.XRequestId,
    ];

    private readonly FieldTable _fields = new();
    private byte[] _bytes = [];
    private int _length;

    /// <summary>Whether the empty line at its end was read.</summary>
    public bool IsWhole { get; private set; }

    public void Clear()
    {
        _length = 0;
        IsWhole = false;
    }

    /// <returns>False where it is too long, or no list of fields.</returns>
    public bool TryAdd(byte value)
    {
        if (_length == ChunkedDecoder.MaxLine)
        {
            return false;
        }

        if (_length == _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(64, _length * 2));
        }

        _bytes[_length++] = value;
        var all = _bytes.AsSpan(0, _length);
        if (value == '\n' && (_length < 2 || all[^2] != '\r'))
        {
            return false;
        }

        IsWhole = all.SequenceEqual(WireBytes.NewLine) || all.EndsWith(WireBytes.EndOfHead);
        if (!IsWhole)
        {
            return true;
        }

        _fields.Clear();
        return _fields.Read(all, maxLines: 100) == HeadFault.None;
    }

    /// <summary>Writes the fields that go on, and the empty line.</summary>
    public void WriteTo(WireBuffer output)
    {
        if (_length > 2)
        {
            foreach (var name in Forbidden)
            {
                _fields.Remove(name);
            }

            for (var i = 0; i < _fields.Length; i++)
            {
                if (
                    !_fields.IsRemoved(i)
                    && HopFields.GoesToUpstream(_fields.KnownAt(i), _fields.NameAt(i))
                )
                {
                    output.WriteField(_fields.NameAt(i), _fields.ValueAt(i));
                }
            }
        }

        output.Write(WireBytes.NewLine);
    }
}
