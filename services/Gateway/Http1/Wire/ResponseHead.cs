using System.Text;
using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>The head of an upstream's answer. Its fields go into a table that policies then change.</summary>
internal sealed class ResponseHead(FieldTable fields)
{
    private readonly byte[] _reason = new byte[128];
    private int _reasonLength;
    private bool _isHttp10;

    public int Status { get; private set; }

    /// <summary>The reason phrase as it came; cut where it is longer than anybody reads.</summary>
    public ReadOnlySpan<byte> Reason => _reason.AsSpan(0, _reasonLength);

    public BodyKind Body { get; private set; }

    /// <summary>Of <see cref="BodyKind.Length"/>, or as the answer to HEAD says it; -1 where it says none.</summary>
    public long ContentLength { get; private set; }

    /// <summary>Whether the upstream's connection can serve another request.</summary>
    public bool KeepsAlive { get; private set; }

    /// <summary>Whether its Connection names fields that are not for the client.</summary>
    public bool NamesFields { get; private set; }

    public void Clear()
    {
        Status = 0;
        NamesFields = false;
    }

    /// <summary>Reads a whole head, after its fields' table was cleared.</summary>
    /// <param name="head">From the status line to the empty line's CRLF.</param>
    /// <param name="isToHead">Whether it answers HEAD, and so has no body.</param>
    /// <returns>Whether it is an answer that can be read in one way only.</returns>
    public bool TryRead(ReadOnlySpan<byte> head, bool isToHead)
    {
        var end = head.IndexOf((byte)'\r');
        return end >= 0
            && head[end + 1] == '\n'
            && TryReadLine(head[..end])
            && fields.Read(head[(end + 2)..], maxLines: 256) == HeadFault.None
            && TryJudge(isToHead);
    }

    // "HTTP/1.1 200 OK"; the reason may be missing, and its space with it (RFC 9112 section 4 asks for the space; not all send it).
    private bool TryReadLine(ReadOnlySpan<byte> line)
    {
        if (
            line.Length < 12
            || !line.StartsWith("HTTP/1."u8)
            || line[7] is not ((byte)'0' or (byte)'1')
            || line[8] != ' '
        )
        {
            return false;
        }

        _isHttp10 = line[7] == '0';
        KeepsAlive = !_isHttp10;
        Status = 0;
        foreach (var digit in line[9..12])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            Status = (Status * 10) + (digit - '0');
        }

        var reason = line.Length == 12 ? default : line[13..];
        if (line.Length > 12 && (line[12] != ' ' || reason.ContainsAnyExcept(WireBytes.Value)))
        {
            return false;
        }

        _reasonLength = Math.Min(reason.Length, _reason.Length);
        reason[.._reasonLength].CopyTo(_reason);
        return Status is >= 100 and <= 599;
    }

    private bool TryJudge(bool isToHead)
    {
        ContentLength = -1;
        NamesFields = false;
        var codings = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            var name = fields.KnownAt(i);
            if (name == HeaderName.ContentLength)
            {
                var length = LengthField.Parse(fields.ValueAt(i));
                if (length < 0 || (ContentLength >= 0 && ContentLength != length))
                {
                    return false;
                }

                ContentLength = length;
            }
            else if (name == HeaderName.TransferEncoding)
            {
                codings++;
                if (!Ascii.EqualsIgnoreCase(fields.ValueAt(i), "chunked"u8))
                {
                    return false;
                }
            }
            else if (name == HeaderName.Connection)
            {
                ReadConnection(fields.ValueAt(i));
            }
        }

        var hasNone = isToHead || Status is < 200 or 204 or 304;
        // HTTP/1.0 knows no codings: its framing is faulty (RFC 9112 section 6.1).
        if (codings > 1 || (codings == 1 && (ContentLength >= 0 || _isHttp10)))
        {
            return false;
        }

        if (Status is < 200 or 204)
        {
            // Such an answer must not say a length (RFC 9110 section 8.6).
            ContentLength = -1;
        }

        Body =
            hasNone ? BodyKind.None
            : codings == 1 ? BodyKind.Chunked
            : ContentLength > 0 ? BodyKind.Length
            : ContentLength == 0 ? BodyKind.None
            : BodyKind.UntilClose;
        KeepsAlive &= Body != BodyKind.UntilClose;
        return true;
    }

    private void ReadConnection(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)','))
        {
            var option = WireBytes.Trim(value[range]);
            var isClose = Ascii.EqualsIgnoreCase(option, "close"u8);
            KeepsAlive &= !isClose;
            NamesFields |= !isClose && !Ascii.EqualsIgnoreCase(option, "keep-alive"u8);
        }
    }
}
