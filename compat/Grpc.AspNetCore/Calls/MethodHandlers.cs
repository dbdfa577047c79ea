using Grpc.AspNetCore.Server.Options;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

internal sealed class UnaryCallHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    MethodOptions options,
    ILogger logger,
    UnaryServerMethod<TRequest, TResponse> serve
) : CallHandler(method, options, logger)
    where TRequest : class
    where TResponse : class
{
    protected override async Task ServeAsync(HttpServerCallContext context)
    {
        var reader = Reader(context.HttpContext, method.RequestMarshaller);
        var request = await reader.ReadSingleAsync(context.CancellationToken);
        await Single.AnswerAsync(context, method.ResponseMarshaller, await serve(request, context));
    }
}

internal sealed class ClientStreamingCallHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    MethodOptions options,
    ILogger logger,
    ClientStreamingServerMethod<TRequest, TResponse> serve
) : CallHandler(method, options, logger)
    where TRequest : class
    where TResponse : class
{
    protected override async Task ServeAsync(HttpServerCallContext context)
    {
        var requests = new RequestStream<TRequest>(
            Reader(context.HttpContext, method.RequestMarshaller),
            context
        );
        await Single.AnswerAsync(
            context,
            method.ResponseMarshaller,
            await serve(requests, context)
        );
    }
}

internal sealed class ServerStreamingCallHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    MethodOptions options,
    ILogger logger,
    ServerStreamingServerMethod<TRequest, TResponse> serve
) : CallHandler(method, options, logger)
    where TRequest : class
    where TResponse : class
{
    protected override async Task ServeAsync(HttpServerCallContext context)
    {
        var reader = Reader(context.HttpContext, method.RequestMarshaller);
        var request = await reader.ReadSingleAsync(context.CancellationToken);
        await serve(
            request,
            new ResponseStream<TResponse>(method.ResponseMarshaller, context),
            context
        );
    }
}

internal sealed class DuplexStreamingCallHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    MethodOptions options,
    ILogger logger,
    DuplexStreamingServerMethod<TRequest, TResponse> serve
) : CallHandler(method, options, logger)
    where TRequest : class
    where TResponse : class
{
    protected override Task ServeAsync(HttpServerCallContext context) =>
        serve(
            new RequestStream<TRequest>(
                Reader(context.HttpContext, method.RequestMarshaller),
                context
            ),
            new ResponseStream<TResponse>(method.ResponseMarshaller, context),
            context
        );
}

/// <summary>The one answer of a call; it waits for the trailers, so that both go out together.</summary>
internal static class Single
{
    public static Task AnswerAsync<T>(
        HttpServerCallContext context,
        Marshaller<T> marshaller,
        T? response
    )
        where T : class =>
        context.WriteAsync(
            response
                ?? throw new RpcException(
                    new Status(StatusCode.Cancelled, "No message returned from method.")
                ),
            marshaller.ContextualSerializer,
            context.WriteOptions?.Flags ?? default,
            flush: false,
            context.CancellationToken
        );
}
