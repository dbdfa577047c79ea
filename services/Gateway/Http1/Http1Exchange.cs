using System.Text;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Http1.Connections;
using ApiSvc.Gateway.Http1.Wire;
using ApiSvc.Gateway.Problems;
using ApiSvc.Gateway.Serving;

namespace ApiSvc.Gateway.Http1;

/// <summary>
/// A call that the gateway's own HTTP/1.1 carries. It is a connection's only while a call is under way, and then the next
/// one's: an idle connection holds none.
/// </summary>
internal sealed partial class Http1Exchange : ServedExchange
{
    private const long MostDrained = 65_536;

    private static readonly string[] KnownMethods =
    [
        "GET",
        "POST",
        "PUT",
        "DELETE",
        "PATCH",
        "HEAD",
        "OPTIONS",
        "TRACE",
    ];

    private readonly Http1Lane _lane;
    private readonly FieldTable _responseFields = new();
    private readonly WireBuffer _send = new();
    private readonly WireBuffer _interim = new(size: 256);
    private readonly TrailerBytes _trailer = new();
    private Http1Connection _client = null!;
    private HeadFault _fault;
    private string? _id;
    private bool _isStarted;
    private bool _keeps;

    public Http1Exchange(Http1Lane lane)
    {
        _lane = lane;
        _answerHead = new(_responseFields);
    }

    /// <summary>What the client sent of it before the body.</summary>
    public RequestHead Head { get; } = new();

    public override ReadOnlySpan<byte> Method => Head.Method;

    public override ReadOnlySpan<byte> Host => Head.Host;

    public override ReadOnlyMemory<byte> Target => Head.Target;

    public override bool IsSecure => _client.IsSecure;

    public override long? BodyLength => Head.Body == BodyKind.Chunked ? null : Head.ContentLength;

    public override HeaderFields RequestHeaders => Head.Fields;

    public override HeaderFields ResponseHeaders => _responseFields;

    public override int Status { get; set; }

    public override string Id => _id ??= CallId.ToString();

    public override Problem? Fault => HeadProblems.Of(_fault);

    public override bool IsClientGone => _client.IsClientGone;

    /// <summary>Whether the connection can serve another request after this one.</summary>
    public bool KeepsClient => _keeps && !_client.IsClientGone && !_client.IsDraining;

    /// <summary>Whether the request's body was read to its end.</summary>
    public bool IsRead => _body.IsDone;

    /// <summary>Whether the client may still be sending when it is answered for the last time.</summary>
    public bool NeedsLinger =>
        _fault != HeadFault.None || !_body.IsDone || _client.Reader.Length > 0;

    public override string MethodText
    {
        get
        {
            foreach (var known in KnownMethods)
            {
                if (Ascii.Equals(known, Method))
                {
                    return known;
                }
            }

            return Encoding.Latin1.GetString(Method);
        }
    }

    public override string? Header(string name)
    {
        var header = HeaderName.Of(name);
        return Head.Fields.Count(header) == 1
            ? Encoding.Latin1.GetString(Head.Fields.Get(header))
            : null;
    }

    /// <summary>Begins a call whose head was read.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="fault">What is wrong with the head.</param>
    public void Begin(Http1Connection client, HeadFault fault)
    {
        _client = client;
        _fault = fault;
        _id = null;
        _isStarted = false;
        _keeps = fault == HeadFault.None && Head.KeepsAlive;
        _responseFields.Clear();
        _answerHead.Clear();
        _body.Begin(fault == HeadFault.None ? Head : null);
        Span = null;
        Status = 200;
        var edge = _lane.Edge;
        var now = edge.Time.GetUtcNow();
        Begin(edge.States.Current, now, ClientOf(client));
        CallId = edge.Recorder.NewId(now);
        Measure.UserAgent = Keep(Head.Fields.Get(HeaderName.UserAgent));
        Measure.Protocol = Head.IsHttp10 ? Protocol.Http10 : Protocol.Http11;
        Measure.BytesIn = Head.Length;
    }

    /// <summary>Ends it: what it took is given back.</summary>
    public void End()
    {
        Head.Clear();
        _send.Clear();
        Arena.Reset();
    }

    public override void Record()
    {
        if (Measure.IsRecorded)
        {
            return;
        }

        Measure.Status = IsClientGone && !_isStarted ? ClientLeft : Status;
        Measure.TraceId = Span?.TraceId ?? default;
        if (Measure.TryEnd())
        {
            _lane.Edge.Recorder.Record(this);
        }
    }

    public override async ValueTask FailAsync()
    {
        if (_isStarted)
        {
            _client.Abort();
            return;
        }

        _responseFields.Clear();
        _keeps = false;
        Answer = GatewayProblems.Internal;
        Status = 500;
        await SendAnswerAsync();
    }

    // Behind proxies that are believed, the client is who they say it is.
    private System.Net.IPAddress ClientOf(Http1Connection client)
    {
        var edge = _lane.Edge;
        var count = edge.HasTrustedProxies ? Head.Fields.Count(HeaderName.XForwardedFor) : 0;
        if (count == 0)
        {
            return client.Address;
        }

        var lines = new string[count];
        for (var i = 0; i < count; i++)
        {
            lines[i] = Encoding.Latin1.GetString(Head.Fields.Get(HeaderName.XForwardedFor, i));
        }

        return edge.ClientOf(client.Address, lines);
    }

    private ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? default : Arena.Keep(bytes);
}
