using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.ClientFactory;

/// <summary>Gives client calls the deadline and cancellation of the server call that makes them, if theirs are not stricter.</summary>
internal sealed class CallContextInterceptor(
    string clientName,
    IHttpContextAccessor accessor,
    IOptionsMonitor<GrpcContextPropagationOptions> options
) : Interceptor
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation
    )
    {
        using var flow = Flow(context, out var flowing);
        return continuation(request, flowing);
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation
    )
    {
        var flow = Flow(context, out var flowing);
        var call = continuation(request, flowing);
        return flow is null
            ? call
            : new AsyncUnaryCall<TResponse>(
                flow.DuringAsync(call.ResponseAsync),
                call.ResponseHeadersAsync,
                call.GetStatus,
                call.GetTrailers,
                flow.With(call)
            );
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<
        TRequest,
        TResponse
    >(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation
    )
    {
        var flow = Flow(context, out var flowing);
        var call = continuation(request, flowing);
        return flow is null
            ? call
            : new AsyncServerStreamingCall<TResponse>(
                call.ResponseStream,
                call.ResponseHeadersAsync,
                call.GetStatus,
                call.GetTrailers,
                flow.With(call)
            );
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<
        TRequest,
        TResponse
    >(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation
    )
    {
        var flow = Flow(context, out var flowing);
        var call = continuation(flowing);
        return flow is null
            ? call
            : new AsyncClientStreamingCall<TRequest, TResponse>(
                call.RequestStream,
                flow.DuringAsync(call.ResponseAsync),
                call.ResponseHeadersAsync,
                call.GetStatus,
                call.GetTrailers,
                flow.With(call)
            );
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<
        TRequest,
        TResponse
    >(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation
    )
    {
        var flow = Flow(context, out var flowing);
        var call = continuation(flowing);
        return flow is null
            ? call
            : new AsyncDuplexStreamingCall<TRequest, TResponse>(
                call.RequestStream,
                call.ResponseStream,
                call.ResponseHeadersAsync,
                call.GetStatus,
                call.GetTrailers,
                flow.With(call)
            );
    }

    /// <summary>The context with what flows; two tokens need a source that lives as long as the call.</summary>
    private LinkedCancellation? Flow<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        out ClientInterceptorContext<TRequest, TResponse> flowing
    )
        where TRequest : class
        where TResponse : class
    {
        flowing = context;
        if (
            accessor.HttpContext?.Features.Get<IServerCallContextFeature>()?.ServerCallContext
            is not { } server
        )
        {
            return options.Get(clientName).SuppressContextNotFoundErrors
                ? null
                : throw new InvalidOperationException(
                    "Unable to propagate server context values to the call. Can't find the gRPC ServerCallContext."
                );
        }

        var call = context.Options;
        if (server.Deadline < (call.Deadline ?? DateTime.MaxValue))
        {
            call = call.WithDeadline(server.Deadline);
        }

        LinkedCancellation? linked = null;
        if (
            call.CancellationToken.CanBeCanceled
            && call.CancellationToken != server.CancellationToken
        )
        {
            linked = new LinkedCancellation(call.CancellationToken, server.CancellationToken);
        }

        call = call.WithCancellationToken(linked?.Token ?? server.CancellationToken);
        flowing = new ClientInterceptorContext<TRequest, TResponse>(
            context.Method,
            context.Host,
            call
        );
        return linked;
    }
}
