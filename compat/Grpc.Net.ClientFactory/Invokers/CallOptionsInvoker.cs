using Grpc.Core;

namespace Grpc.Net.ClientFactory.Invokers;

/// <summary>Changes the options of every call.</summary>
internal sealed class CallOptionsInvoker(
    CallInvoker inner,
    IList<Action<CallOptionsContext>> changes,
    IServiceProvider services
) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    ) => inner.BlockingUnaryCall(method, host, Change(options), request);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        string? host,
        CallOptions options,
        TRequest request
    ) => inner.AsyncUnaryCall(method, host, Change(options), request);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        inner.AsyncServerStreamingCall(method, host, Change(options), request);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        inner.AsyncClientStreamingCall(method, host, Change(options));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<
        TRequest,
        TResponse
    >(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        inner.AsyncDuplexStreamingCall(method, host, Change(options));

    private CallOptions Change(CallOptions options)
    {
        var context = new CallOptionsContext(options, services);
        foreach (var change in changes)
        {
            change(context);
        }

        return context.CallOptions;
    }
}
