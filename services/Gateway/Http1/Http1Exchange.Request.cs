using System.Text;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Http1.Connections;
using ApiSvc.Gateway.Http1.Wire;

namespace ApiSvc.Gateway.Http1;

/// <content>The request as the upstream gets it.</content>
internal sealed partial class Http1Exchange
{
    private void WriteRequest(in ForwardTarget target)
    {
        if (Head.NamesFields)
        {
            RemoveNamed(Head.Fields);
        }

        _send.Clear();
        _send.Write(Method);
        _send.Write(" "u8);
        _send.Write(target.PathAndQuery.Span);
        _send.Write(" HTTP/1.1\r\nHost: "u8);
        _send.Write(target.Address.Authority.Span);
        _send.Write(WireBytes.NewLine);
        var fields = Head.Fields;
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields.IsRemoved(i))
            {
                continue;
            }

            var name = fields.NameAt(i);
            if (HopFields.GoesToUpstream(fields.KnownAt(i), name))
            {
                _send.WriteField(name, fields.ValueAt(i));
            }
        }

        WriteOrigin();
        WriteVia();
        WriteId();
        if (!CallerToken.IsEmpty)
        {
            _send.WriteField("X-Apisvc-Caller"u8, CallerToken.Span);
        }

        WriteFraming();
        _send.Write(WireBytes.NewLine);
    }

    private void WriteOrigin()
    {
        var origin = ReferenceEquals(ClientAddress, _client.Address)
            ? _client.Origin
            : new ForwardedOrigin(ClientAddress, IsSecure);
        _send.Write(origin.Fields.Span);
        var host = Host;
        if (!host.IsEmpty)
        {
            _send.WriteField(HeaderName.XForwardedHost.Utf8.Span, host);
        }

        _send.Write(origin.ForwardedStart.Span);
        if (!host.IsEmpty)
        {
            _send.Write(";host=\""u8);
            _send.Write(host);
            _send.Write("\""u8);
        }

        _send.Write(origin.ForwardedEnd.Span);
        if (Span is { Id: { } id })
        {
            Head.Fields.Remove(HeaderName.Traceparent);
            _send.WriteField(HeaderName.Traceparent.Utf8.Span, Encoding.ASCII.GetBytes(id));
        }
    }

    // RFC 9110 section 7.6.3: behind those that are there.
    private void WriteVia()
    {
        _send.Write("Via: "u8);
        var count = Head.Fields.Count(HeaderName.Via);
        for (var i = 0; i < count; i++)
        {
            _send.Write(Head.Fields.Get(HeaderName.Via, i));
            _send.Write(", "u8);
        }

        _send.Write(Head.IsHttp10 ? "1.0 apisvc\r\n"u8 : "1.1 apisvc\r\n"u8);
    }

    private void WriteId()
    {
        _send.Write("X-Request-Id: "u8);
        CallId.TryFormat(_send.GetSpan(36), out var length);
        _send.Advance(length);
        _send.Write(WireBytes.NewLine);
    }

    private void WriteFraming()
    {
        if (Head.Body == BodyKind.Chunked)
        {
            _send.Write("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (Head.Body == BodyKind.Length || Head.Fields.Has(HeaderName.ContentLength))
        {
            _send.Write("Content-Length: "u8);
            _send.WriteNumber(Head.ContentLength);
            _send.Write(WireBytes.NewLine);
        }

        if (Head.ExpectsContinue && !_body.IsDone)
        {
            _send.Write("Expect: 100-continue\r\n"u8);
        }
    }

    // Fields that a Connection names are of this connection (RFC 9110 section 7.6.1), but for those without which the
    // message would be another one.
    private static void RemoveNamed(FieldTable fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields.KnownAt(i) != HeaderName.Connection)
            {
                continue;
            }

            var value = fields.ValueAt(i);
            foreach (var range in value.Split((byte)','))
            {
                var name = WireBytes.Trim(value[range]);
                if (!name.IsEmpty && !IsOfMessage(name))
                {
                    fields.Remove(name);
                }
            }
        }
    }

    private static bool IsOfMessage(ReadOnlySpan<byte> name)
    {
        var known = HeaderName.Find(name);
        return known == HeaderName.Connection
            || known == HeaderName.ContentLength
            || known == HeaderName.TransferEncoding
            || known == HeaderName.Host
            || known == HeaderName.Date;
    }
}
