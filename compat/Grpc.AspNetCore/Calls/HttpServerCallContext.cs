using Grpc.AspNetCore.Server.Options;
using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>A call that is an HTTP request: what the service sees of it, and the state of its answer.</summary>
internal sealed class HttpServerCallContext(
    HttpContext http,
    IMethod method,
    MethodOptions options,
    CallDeadline? deadline
) : ServerCallContext, IServerCallContextFeature
{
    // A response header that is not sent: it chooses the encoding of this answer.
    private const string EncodingRequestHeader = "grpc-internal-encoding-request";

    private readonly Lock _gate = new();
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;
    private MessageEncoder? _encoder;
    private string? _encodingRequest;
    private Status _status;
    private WriteOptions? _writeOptions;
    private bool _headersSent;
    private bool _writing;
    private bool _ended;

    public HttpContext HttpContext => http;

    public ServerCallContext ServerCallContext => this;

    /// <summary>Whether bytes of messages went out, or wait to: then the status goes in trailers.</summary>
    public bool HasBody { get; private set; }

    protected override string MethodCore => method.FullName;

    protected override string HostCore => http.Request.Host.Value ?? "";

    protected override string PeerCore => Connection.Peer(http.Connection);

    protected override DateTime DeadlineCore => deadline?.Deadline ?? DateTime.MaxValue;

    protected override Metadata RequestHeadersCore =>
        _requestHeaders ??= CallHeaders.Read(http.Request.Headers);

    protected override CancellationToken CancellationTokenCore =>
        deadline?.Token ?? http.RequestAborted;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore
    {
        get => _status;
        set => _status = value;
    }

    protected override WriteOptions? WriteOptionsCore
    {
        get => _writeOptions;
        set => _writeOptions = value;
    }

    protected override AuthContext AuthContextCore =>
        _authContext ??= Connection.Identity(http.Connection);

    protected override IDictionary<object, object> UserStateCore => http.Items!;

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        BeginWrite();
        try
        {
            if (_headersSent || http.Response.HasStarted)
            {
                throw new InvalidOperationException(
                    "Response headers can only be sent once per call."
                );
            }

            _headersSent = true;
            foreach (var entry in responseHeaders)
            {
                if (string.Equals(entry.Key, EncodingRequestHeader, StringComparison.Ordinal))
                {
                    _encodingRequest = entry.Value;
                }
                else
                {
                    CallHeaders.Append(http.Response.Headers, entry);
                }
            }

            // Now, since grpc-encoding is a header.
            _encoder ??= CreateEncoder();
            await http.Response.BodyWriter.FlushAsync(CancellationToken);
        }
        finally
        {
            EndWrite();
        }
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(
        ContextPropagationOptions? options
    ) =>
        throw new NotSupportedException(
            "CreatePropagationToken is not supported; use EnableCallContextPropagation."
        );

    /// <summary>Writes a message; it goes out at once unless it is to wait for what follows.</summary>
    /// <exception cref="InvalidOperationException">The answer is over, or another write is under way.</exception>
    public async Task WriteAsync<T>(
        T message,
        Action<T, SerializationContext> serialize,
        WriteFlags flags,
        bool flush,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        BeginWrite();
        try
        {
            _encoder ??= CreateEncoder();
            var body = http.Response.BodyWriter;
            _encoder.Encode(
                message,
                serialize,
                body,
                mayCompress: !flags.HasFlag(WriteFlags.NoCompress)
            );
            HasBody = true;
            if (flush && !flags.HasFlag(WriteFlags.BufferHint))
            {
                var result = await body.FlushAsync(cancellationToken);
                if (result.IsCanceled)
                {
                    throw new OperationCanceledException(cancellationToken);
                }
            }
        }
        finally
        {
            EndWrite();
        }
    }

    /// <summary>Ends the answer: no write begins any more. False if one is under way or was left halfway: only a reset can follow.</summary>
    public bool End()
    {
        lock (_gate)
        {
            _ended = true;
            return !_writing && _encoder is not { IsPartial: true };
        }
    }

    /// <summary>Puts the status in the trailers, or in the headers if there is nothing before it.</summary>
    public void WriteStatus()
    {
        var response = http.Response;
        var target =
            HasBody || response.HasStarted
                ? http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
                : response.Headers;
        if (_responseTrailers is not null)
        {
            foreach (var entry in _responseTrailers)
            {
                CallHeaders.Append(target, entry);
            }
        }

        target[GrpcHeaders.Status] = GrpcHeaders.Text(_status.StatusCode);
        if (!string.IsNullOrEmpty(_status.Detail))
        {
            target[GrpcHeaders.Message] = PercentCoding.Encode(_status.Detail);
        }
    }

    /// <summary>Says on the request's activity how the call went.</summary>
    public void Tag()
    {
        if (
            http.Features.Get<IHttpActivityFeature>()?.Activity is
            { IsAllDataRequested: true } activity
        )
        {
            activity.SetTag("grpc.method", method.FullName);
            activity.SetTag("grpc.status_code", GrpcHeaders.Text(_status.StatusCode));
        }
    }

    public void AddTrailers(Metadata trailers)
    {
        foreach (var entry in trailers)
        {
            ResponseTrailersCore.Add(entry);
        }
    }

    private void BeginWrite()
    {
        lock (_gate)
        {
            if (_ended)
            {
                throw new InvalidOperationException(
                    "Can't write the message because the request is complete."
                );
            }

            if (_writing)
            {
                throw new InvalidOperationException(
                    "Can't write the message because the previous write is in progress."
                );
            }

            _writing = true;
        }
    }

    private void EndWrite()
    {
        lock (_gate)
        {
            _writing = false;
        }
    }

    private MessageEncoder CreateEncoder()
    {
        var encoding = _encodingRequest ?? options.ResponseCompressionAlgorithm;
        var provider =
            Encodings.IsIdentity(encoding)
            || !Encodings.Names(
                http.Request.Headers[GrpcHeaders.AcceptEncoding].ToString(),
                encoding!
            )
                ? null
                : options.Encodings.Find(encoding);
        if (provider is not null && !http.Response.HasStarted)
        {
            http.Response.Headers[GrpcHeaders.Encoding] = provider.EncodingName;
        }

        return new MessageEncoder(
            options.MaxSendMessageSize,
            provider,
            options.ResponseCompressionLevel
        );
    }
}
