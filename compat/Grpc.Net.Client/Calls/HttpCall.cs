using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>A call as an HTTP request: sends it, reads the answer, and knows the one outcome that it has in the end.</summary>
internal sealed class HttpCall<TRequest, TResponse> : IHttpCall<TRequest>, IStreamedCall<TResponse>
    where TRequest : class
    where TResponse : class
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
    private static readonly MediaTypeHeaderValue GrpcContent = new(GrpcHeaders.ContentType);

    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly string? _host;
    private readonly CallOptions _options;
    private readonly CancellationTokenSource _cancellation;
    private readonly ICompressionProvider? _compression;
    private readonly TaskCompletionSource<HttpResponseMessage> _responded = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource<CallOutcome> _finished = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private CancellationTokenRegistration _cancelRegistration;
    private HttpResponseMessage? _response;
    private CallOutcome? _outcome;
    private Metadata? _responseHeaders;
    private bool _disposed;
    private bool _cancelled;

    public HttpCall(
        GrpcChannel channel,
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options
    )
    {
        if (
            options.Deadline is { Kind: not DateTimeKind.Utc } deadline
            && deadline != DateTime.MaxValue
            && deadline != DateTime.MinValue
        )
        {
            throw new InvalidOperationException(
                "Deadline must have a kind DateTimeKind.Utc or be equal to DateTime.MaxValue or DateTime.MinValue."
            );
        }

        _channel = channel;
        _method = method;
        _host = host;
        _options = options;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(
            options.CancellationToken,
            channel.Disposed
        );
        Token = _cancellation.Token;
        _compression = RequestCompression(channel, options.Headers);
    }

    public CancellationToken Token { get; }

    public CallOutcome? Outcome => _outcome;

    public Task<CallOutcome> Finished => _finished.Task;

    public bool AnswersWithOne => _method.Type is MethodType.Unary or MethodType.ClientStreaming;

    public WriteOptions? WriteOptions => _options.WriteOptions;

    public Action<TRequest, SerializationContext> Serialize =>
        _method.RequestMarshaller.ContextualSerializer;

    public Task<Metadata> ResponseHeadersAsync => HeadersAsync();

    public MessageEncoder CreateEncoder() =>
        new(_channel.MaxSendMessageSize, _compression, level: null);

    public Status GetStatus() =>
        _outcome?.Status
        ?? throw new InvalidOperationException(
            "Unable to get the status because the call is not complete."
        );

    public Metadata GetTrailers() =>
        _outcome?.Trailers
        ?? throw new InvalidOperationException(
            "Can't get the call trailers because the call has not completed."
        );

    public void Dispose()
    {
        _disposed = true;
        Cancel();
    }

    public void Cancel()
    {
        if (_outcome is not null)
        {
            return;
        }

        _cancelled = true;
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended in the same moment.
        }
    }

    /// <summary>Makes the call and reads its one answer.</summary>
    public async Task<TResponse> SingleAsync(HttpContent content)
    {
        try
        {
            TResponse? message = null;
            if (await StartAsync(content) is { } reader)
            {
                message = await reader.ReadAsync(Token);
                if (message is not null)
                {
                    await reader.EndAsync(Token);
                }

                Finish(ResponseStatus.OfTrailers(_response!));
            }

            if (_outcome!.Status.StatusCode != StatusCode.OK)
            {
                throw _outcome.Exception();
            }

            return message
                ?? throw new RpcException(
                    new Status(
                        StatusCode.Internal,
                        "Failed to deserialize response message: there was none."
                    )
                );
        }
        catch (Exception e)
        {
            throw Fail(e);
        }
    }

    /// <summary>Makes the call; its answers are read from what is returned.</summary>
    public IAsyncStreamReader<TResponse> Stream(HttpContent content)
    {
        // Nobody may be reading when the call is cancelled.
        _cancelRegistration = Token.UnsafeRegister(
            static state =>
                ((HttpCall<TRequest, TResponse>)state!).Fail(new OperationCanceledException()),
            this
        );
        return new ResponseStream<TResponse>(this, StartStreamAsync(content));
    }

    /// <summary>The next message of the stream; null when the call has ended well.</summary>
    public async ValueTask<TResponse?> NextAsync(MessageReader<TResponse> reader)
    {
        try
        {
            if (await reader.ReadAsync(Token) is { } message)
            {
                return message;
            }

            Finish(ResponseStatus.OfTrailers(_response!));
        }
        catch (Exception e)
        {
            throw Fail(e);
        }

        return _outcome!.Status.StatusCode == StatusCode.OK ? null : throw _outcome.Exception();
    }

    private async Task<MessageReader<TResponse>?> StartStreamAsync(HttpContent content)
    {
        try
        {
            return await StartAsync(content);
        }
        catch (Exception e)
        {
            throw Fail(e);
        }
    }

    /// <summary>Sends the request and waits for the headers. Null if they were all, and good.</summary>
    private async Task<MessageReader<TResponse>?> StartAsync(HttpContent content)
    {
        var request = await CreateRequestAsync(content);
        _response = await _channel.SendAsync(request, Token);
        if (ResponseStatus.OfHeaders(_response) is { } ended)
        {
            // A response that is no gRPC says nothing in its headers that callers wait for.
            if (ended.FromPeer)
            {
                _responded.TrySetResult(_response);
            }

            Finish(ended);
            return ended.Status.StatusCode == StatusCode.OK ? null : throw ended.Exception();
        }

        _responded.TrySetResult(_response);
        var encoding = ResponseStatus.Header(_response.Headers, GrpcHeaders.Encoding);
        return new MessageReader<TResponse>(
            PipeReader.Create(await _response.Content.ReadAsStreamAsync(Token)),
            new MessageDecoder(_channel.Encodings, encoding, _channel.MaxReceiveMessageSize),
            _method.ResponseMarshaller.ContextualDeserializer
        );
    }

    private async ValueTask<HttpRequestMessage> CreateRequestAsync(HttpContent content)
    {
        content.Headers.ContentType = GrpcContent;
        var request = new HttpRequestMessage(HttpMethod.Post, _channel.UriOf(_method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("TE", "trailers");
        headers.TryAddWithoutValidation("User-Agent", "grpc-dotnet-compat/2.71.0");
        headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, _channel.Encodings.Accepted);
        if (_compression is not null)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Encoding, _compression.EncodingName);
        }

        if (_host is not null)
        {
            headers.Host = _host;
        }

        AddHeaders(headers, _options.Headers);
        if (_options.Credentials is not null || _channel.Credentials is not null)
        {
            await AddCredentialsAsync(headers);
        }

        if (_options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            StartTimer(headers, deadline - DateTime.UtcNow);
        }

        return request;
    }

    private void StartTimer(HttpRequestHeaders headers, TimeSpan left)
    {
        if (left <= TimeSpan.Zero)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, ""));
        }

        headers.TryAddWithoutValidation(GrpcHeaders.Timeout, GrpcTimeout.Format(left));
        if (left <= LongestTimer)
        {
            _cancellation.CancelAfter(left);
        }
    }

    private static void AddHeaders(HttpRequestHeaders headers, Metadata? metadata)
    {
        foreach (var entry in metadata ?? Metadata.Empty)
        {
            if (!entry.KeyIs(Metadata.CompressionRequestAlgorithmKey))
            {
                headers.TryAddWithoutValidation(entry.Key, MetadataCoding.Encode(entry));
            }
        }
    }

    private async Task AddCredentialsAsync(HttpRequestHeaders headers)
    {
        if (!_channel.SendsCallCredentials)
        {
            CallLog.CredentialsNotSent(_channel.Logger, _method.FullName);
            return;
        }

        var context = new AuthInterceptorContext(
            new Uri(_channel.Address, "/" + _method.ServiceName).AbsoluteUri,
            _method.Name,
            Token
        );
        var metadata = new Metadata();
        foreach (var credentials in new[] { _channel.Credentials, _options.Credentials })
        {
            if (credentials is not null)
            {
                await credentials.ApplyAsync(context, metadata);
            }
        }

        AddHeaders(headers, metadata);
    }

    private static ICompressionProvider? RequestCompression(GrpcChannel channel, Metadata? headers)
    {
        var encoding = headers?.GetValue(Metadata.CompressionRequestAlgorithmKey);
        return Encodings.IsIdentity(encoding)
            ? null
            : channel.Encodings.Find(encoding)
                ?? throw new InvalidOperationException(
                    $"Could not find compression provider for '{encoding}'."
                );
    }

    private async Task<Metadata> HeadersAsync()
    {
        var response = await _responded.Task;
        return _responseHeaders ??= ResponseStatus.ReadMetadata(response.Headers);
    }

    /// <summary>The exception that tells of this failure, or of the outcome that the call had before.</summary>
    private Exception Fail(Exception exception)
    {
        Finish(CallOutcome.Of(exception, Cause()));
        var outcome = _outcome!;
        return _channel.ThrowOperationCanceled && outcome.IsCancellation
            ? new OperationCanceledException(outcome.Status.Detail, outcome.Exception(), Token)
            : outcome.Exception();
    }

    private CancelCause Cause() =>
        !Token.IsCancellationRequested ? CancelCause.None
        : _options.CancellationToken.IsCancellationRequested ? CancelCause.Caller
        : _disposed || _channel.Disposed.IsCancellationRequested ? CancelCause.Disposed
        : _cancelled ? CancelCause.Caller
        : CancelCause.Deadline;

    private void Finish(CallOutcome outcome)
    {
        if (Interlocked.CompareExchange(ref _outcome, outcome, comparand: null) is not null)
        {
            return;
        }

        if (outcome.Status.StatusCode != StatusCode.OK)
        {
            CallLog.Failed(
                _channel.Logger,
                _method.FullName,
                outcome.Status.StatusCode,
                outcome.Status.DebugException
            );
        }

        _cancelRegistration.Unregister();
        if (!_responded.Task.IsCompleted && _responded.TrySetException(outcome.Exception()))
        {
            // Most callers never ask for the headers: that is not an unobserved failure.
            _ = _responded.Task.Exception;
        }

        _finished.TrySetResult(outcome);
        // Resets the request if it is not over.
        _response?.Dispose();
        _cancellation.Dispose();
    }
}
