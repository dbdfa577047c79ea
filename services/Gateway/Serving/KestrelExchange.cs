using System.Net;
using System.Text;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Forwarding;
using ApiSvc.Gateway.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Yarp.ReverseProxy.Forwarder;

namespace ApiSvc.Gateway.Serving;

/// <summary>
/// A call that Kestrel's own HTTP carries: HTTP/1.1, HTTP/2, WebSockets. One per connection or stream, used again.
/// </summary>
internal sealed partial class KestrelExchange : ServedExchange
{
    private readonly Edge _edge;
    private readonly StringHeaders _requestHeaders;
    private readonly StringHeaders _responseHeaders;
    private readonly DefaultHttpContext _context = new();
    private readonly Transformer _transformer;

    private IFeatureCollection _features = new FeatureCollection();
    private IHttpRequestFeature _request = new HttpRequestFeature();
    private IHttpResponseFeature _response = new HttpResponseFeature();
    private ReadOnlyMemory<byte> _method;
    private ReadOnlyMemory<byte> _host;
    private ReadOnlyMemory<byte> _target;
    private string? _id;

    public KestrelExchange(Edge edge)
    {
        _edge = edge;
        _requestHeaders = new(Arena);
        _responseHeaders = new(Arena);
        _transformer = new(this);
    }

    public override ReadOnlySpan<byte> Method => _method.Span;

    public override ReadOnlySpan<byte> Host => _host.Span;

    public override ReadOnlyMemory<byte> Target => _target;

    public override bool IsSecure => _request.Scheme == "https";

    public override long? BodyLength =>
        _request.Headers.ContentLength
        ?? (_features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true ? null : 0);

    public override HeaderFields RequestHeaders => _requestHeaders;

    public override HeaderFields ResponseHeaders => _responseHeaders;

    public override int Status
    {
        get => _response.StatusCode;
        set => _response.StatusCode = value;
    }

    public override string Id => _id ??= CallId.ToString();

    public override string MethodText => _request.Method;

    /// <summary>What this hop is called in <c>Via</c> (RFC 9110 section 7.6.3).</summary>
    public string Via => _request.Protocol == "HTTP/2" ? "2 apisvc" : "1.1 apisvc";

    public override bool IsClientGone => _context.RequestAborted.IsCancellationRequested;

    public bool IsGrpc =>
        _request.Headers.ContentType is [{ } type]
        && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    public override Problem? Fault => HasBadFraming ? GatewayProblems.BadFraming : null;

    // What Kestrel takes but another server could read in another way.
    private bool HasBadFraming
    {
        get
        {
            var headers = _request.Headers;
            var coding = headers.TransferEncoding;
            return (
                    coding.Count > 0
                    && !(
                        coding is [{ } only]
                        && only.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                    )
                )
                || (coding.Count > 0 && headers.ContentLength is not null)
                || headers.Host.Count > 1;
        }
    }

    public override string? Header(string name) =>
        _request.Headers[name] is [{ } value] ? value : null;

    public void Begin(IFeatureCollection features)
    {
        _features = features;
        _request = features.GetRequiredFeature<IHttpRequestFeature>();
        _response = features.GetRequiredFeature<IHttpResponseFeature>();
        _context.Initialize(features);
        _requestHeaders.Use(_request.Headers);
        _responseHeaders.Use(_response.Headers);
        _id = null;
        Span = null;
        var connection = features.Get<IHttpConnectionFeature>();
        Begin(
            _edge.States.Current,
            _edge.Time.GetUtcNow(),
            _edge.ClientOf(
                connection?.RemoteIpAddress ?? IPAddress.None,
                _request.Headers["X-Forwarded-For"]
            )
        );
        _method = Keep(_request.Method);
        _host = Keep(_request.Headers.Host.ToString());
        _target = Keep(OriginForm(_request.RawTarget));
        BeginRecord();
    }

    public void End()
    {
        _context.Uninitialize();
        Arena.Release();
    }

    public override async ValueTask<ForwardOutcome> ForwardAsync(ForwardTarget target)
    {
        var upstream = target.Upstream;
        if (_features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = upstream.TakesAnyBody ? null : _edge.MaxRequestBodyBytes;
        }

        if (IsGrpc && _features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            // A stream may say nothing for long.
            rate.MinDataRate = null;
        }

        EdgeFields.Prepare(_request.Headers, this);
        // The client's own would be anybody's word.
        _request.Headers[RequestId] = Id;
        Measure.Forward(target.Address.Origin);
        _transformer.Target = target;
        using var limit =
            upstream.TotalTimeout == Timeout.InfiniteTimeSpan
                ? null
                : new CancellationTokenSource(upstream.TotalTimeout, _edge.Time);
        var error = await _edge.Forwarder.SendAsync(
            _context,
            target.Address.Origin,
            _edge.Clients.For(upstream),
            upstream.IsInternal ? ForwardSettings.Streams : ForwardSettings.Calls,
            _transformer,
            limit?.Token ?? CancellationToken.None
        );
        Outcome = Judge(error, limit?.IsCancellationRequested == true);
        return Outcome;
    }

    public override async ValueTask SendAnswerAsync()
    {
        if (Answer?.Problem is not { } problem)
        {
            return;
        }

        if (IsGrpc)
        {
            GrpcAnswer.Write(_response, problem);
            return;
        }

        _response.Headers.CacheControl = "no-store";
        _response.Headers.ContentType = ProblemJson.MediaType;
        var body = new System.Buffers.ArrayBufferWriter<byte>(512);
        ProblemJson.Write(problem, Id, body);
        _response.Headers.ContentLength = body.WrittenCount;
        if (MethodText != "HEAD")
        {
            await _features
                .GetRequiredFeature<IHttpResponseBodyFeature>()
                .Stream.WriteAsync(body.WrittenMemory);
        }
    }

    public override async ValueTask FailAsync()
    {
        if (_response.HasStarted)
        {
            _context.Abort();
            return;
        }

        _response.Headers.Clear();
        Answer = GatewayProblems.Internal;
        Status = 500;
        await SendAnswerAsync();
    }

    private ForwardOutcome Judge(ForwarderError error, bool isLate)
    {
        if (error == ForwarderError.None)
        {
            return ForwardOutcome.Answered;
        }

        var why = _context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (IsClientGone)
        {
            return ForwardOutcome.ClientLeft;
        }

        _edge.WhyNot(Id, error.ToString(), why);
        if (_response.HasStarted)
        {
            return ForwardOutcome.BrokenOff;
        }

        _response.Headers.Clear();
        if (isLate || error == ForwarderError.RequestTimedOut)
        {
            return ForwardOutcome.TimedOut;
        }

        if (error != ForwarderError.RequestBodyClient && Find<BadHttpRequestException>(why) is null)
        {
            return ForwardOutcome.Unreachable;
        }

        return Find<BadHttpRequestException>(why)?.StatusCode == 413
            ? ForwardOutcome.BodyTooLarge
            : ForwardOutcome.BodyUnreadable;
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        var all = exception is AggregateException many
            ? many.Flatten().InnerExceptions
            : [exception!];
        foreach (var one in all)
        {
            for (var at = one; at is not null; at = at.InnerException)
            {
                if (at is T found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private ReadOnlyMemory<byte> Keep(string text)
    {
        var bytes = Arena.Take(text.Length);
        Encoding.Latin1.GetBytes(text, bytes.Span);
        return bytes;
    }

    // Absolute form is for proxies, and must be taken all the same (RFC 9112 section 3.2.2); other forms name no path.
    private static string OriginForm(string target)
    {
        if (target is ['/', ..] or "*")
        {
            return target;
        }

        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
        {
            return "";
        }

        var end = target.AsSpan(authority + 3).IndexOfAny('/', '?');
        return end < 0 ? "/"
            : target[authority + 3 + end] == '?' ? "/" + target[(authority + 3 + end)..]
            : target[(authority + 3 + end)..];
    }

    private sealed class Transformer(KestrelExchange exchange) : HttpTransformer
    {
        public ForwardTarget Target { get; set; }

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext,
            HttpRequestMessage proxyRequest,
            string destinationPrefix,
            CancellationToken cancellationToken
        )
        {
            await base.TransformRequestAsync(
                httpContext,
                proxyRequest,
                destinationPrefix,
                cancellationToken
            );
            // Byte for byte: the usual way would decode and encode.
            proxyRequest.RequestUri = new Uri(
                destinationPrefix + Encoding.Latin1.GetString(Target.PathAndQuery.Span),
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            );
            // As in the upstream's address.
            proxyRequest.Headers.Host = null;
            if (Target.Upstream.IsHttp2 || exchange.IsGrpc)
            {
                proxyRequest.Version = HttpVersion.Version20;
                proxyRequest.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            }
        }

        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext,
            HttpResponseMessage? proxyResponse,
            CancellationToken cancellationToken
        )
        {
            var goesOn = await base.TransformResponseAsync(
                httpContext,
                proxyResponse,
                cancellationToken
            );
            if (proxyResponse is not null)
            {
                if (proxyResponse.Headers.TryGetValues("Connection", out var named))
                {
                    EdgeFields.RemoveNamed(httpContext.Response.Headers, new([.. named]));
                }

                exchange.OnUpstreamHead(Target);
                await SendHeadOfStreamAsync(httpContext.Response, proxyResponse, cancellationToken);
            }

            return goesOn;
        }

        // The head of a stream does not wait for its first byte: the client may be waiting for it before it sends more.
        // A gRPC answer of headers alone must stay one frame.
        private static Task SendHeadOfStreamAsync(
            HttpResponse response,
            HttpResponseMessage answer,
            CancellationToken cancellationToken
        ) =>
            answer.StatusCode == HttpStatusCode.SwitchingProtocols
            || answer.Content.Headers.ContentLength is not null
            || response.Headers.ContainsKey("grpc-status")
                ? Task.CompletedTask
                : response.Body.FlushAsync(cancellationToken);
    }
}
