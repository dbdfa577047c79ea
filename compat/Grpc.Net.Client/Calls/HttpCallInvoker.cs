using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>Makes calls on a channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    )
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    )
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, host, options);
        return new AsyncUnaryCall<TResponse>(
            call.SingleAsync(new UnaryContent<TRequest>(request, call)),
            State<TRequest, TResponse>.Headers,
            State<TRequest, TResponse>.Status,
            State<TRequest, TResponse>.Trailers,
            State<TRequest, TResponse>.Dispose,
            call
        );
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, host, options);
        return new AsyncServerStreamingCall<TResponse>(
            call.Stream(new UnaryContent<TRequest>(request, call)),
            State<TRequest, TResponse>.Headers,
            State<TRequest, TResponse>.Status,
            State<TRequest, TResponse>.Trailers,
            State<TRequest, TResponse>.Dispose,
            call
        );
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, host, options);
        var content = new StreamingContent<TRequest>(call);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            content,
            call.SingleAsync(content),
            State<TRequest, TResponse>.Headers,
            State<TRequest, TResponse>.Status,
            State<TRequest, TResponse>.Trailers,
            State<TRequest, TResponse>.Dispose,
            call
        );
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, host, options);
        var content = new StreamingContent<TRequest>(call);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            content,
            call.Stream(content),
            State<TRequest, TResponse>.Headers,
            State<TRequest, TResponse>.Status,
            State<TRequest, TResponse>.Trailers,
            State<TRequest, TResponse>.Dispose,
            call
        );
    }

    /// <summary>Static functions of a call, so that none is allocated for each.</summary>
    private static class State<TRequest, TResponse>
        where TRequest : class
        where TResponse : class
    {
        public static readonly Func<object, Task<Metadata>> Headers = state =>
            ((HttpCall<TRequest, TResponse>)state).ResponseHeadersAsync;

        public static readonly Func<object, Status> Status = state =>
            ((HttpCall<TRequest, TResponse>)state).GetStatus();

        public static readonly Func<object, Metadata> Trailers = state =>
            ((HttpCall<TRequest, TResponse>)state).GetTrailers();

        public static readonly Action<object> Dispose = state =>
            ((HttpCall<TRequest, TResponse>)state).Dispose();
    }
}
