using ApiSvc.Contracts.CallRecords.V1;
using Microsoft.AspNetCore.Http.Features;

namespace ApiSvc.Gateway.Serving;

/// <content>What the call's record needs, and when it is written.</content>
internal sealed partial class KestrelExchange
{
    private const string RequestId = "X-Request-Id";

    private static readonly Func<object, Task> SetRequestId = exchange =>
    {
        var own = (KestrelExchange)exchange;
        own._response.Headers[RequestId] = own.Id;
        return Task.CompletedTask;
    };

    private RecordedBody? _body;

    /// <summary>Whether the answer is its head alone, whatever the head says (RFC 9112 section 6.3).</summary>
    public bool EndsWithHead =>
        MethodText == "HEAD"
        || Status is < 200 or StatusCodes.Status204NoContent or StatusCodes.Status304NotModified
        || _response.Headers.ContentLength == 0;

    public long? AnswerLength => _response.Headers.ContentLength;

    public override void Record()
    {
        if (Measure.IsRecorded)
        {
            return;
        }

        Measure.Status = IsClientGone && !_response.HasStarted ? ClientLeft : Status;
        Measure.BytesOut += HeadLength(_response.Headers, firstLine: 17);
        Measure.TraceId = Span?.TraceId ?? default;
        if (IsGrpc)
        {
            Measure.Protocol = Protocol.Grpc;
        }

        if (Measure.TryEnd())
        {
            _edge.Recorder.Record(this);
        }
    }

    private void BeginRecord()
    {
        CallId = _edge.Recorder.NewId(Now);
        Measure.UserAgent = Keep(_request.Headers.UserAgent.ToString());
        Measure.Protocol = _request.Protocol switch
        {
            "HTTP/1.0" => Protocol.Http10,
            "HTTP/1.1" => Protocol.Http11,
            "HTTP/2" => Protocol.Http2,
            "HTTP/3" => Protocol.Http3,
            _ => Protocol.Unspecified,
        };
        // Method, target, version, and what is between and behind them.
        var firstLine = _method.Length + _request.RawTarget.Length + 12;
        Measure.BytesIn = HeadLength(_request.Headers, firstLine);
        _response.OnStarting(SetRequestId, this);
        _body ??= new(this);
        _body.Begin(_features.GetRequiredFeature<IHttpResponseBodyFeature>());
        _features.Set<IHttpResponseBodyFeature>(_body);
        if (BodyLength != 0)
        {
            _request.Body = new CountedStream(_request.Body, Measure);
        }

        CountUpgrades();
    }

    private void CountUpgrades()
    {
        if (_features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            _features.Set<IHttpUpgradeFeature>(new CountedUpgrade(upgrade, Measure));
        }

        if (_features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            _features.Set<IHttpExtendedConnectFeature>(new CountedConnect(connect, Measure));
        }
    }

    private static long HeadLength(IHeaderDictionary fields, int firstLine)
    {
        var length = firstLine + 2L;
        foreach (var (name, values) in fields)
        {
            foreach (var value in values)
            {
                length += name.Length + (value?.Length ?? 0) + 4;
            }
        }

        return length;
    }
}
