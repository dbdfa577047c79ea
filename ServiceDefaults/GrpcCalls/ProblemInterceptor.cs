using System.Diagnostics;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.GrpcCalls;

/// <summary>
/// The edge at which failures become gRPC statuses: problems with their details, anything unknown as INTERNAL with
/// nothing but the trace's id, which is in the log.
/// </summary>
internal sealed partial class ProblemInterceptor(ILogger<ProblemInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translate(e, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translate(e, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translate(e, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation
    )
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw Translate(e, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        if (exception is ApiProblemException { Problem: var problem })
        {
            return ProblemStatus.Of(problem).ToRpcException();
        }

        if (
            exception is OperationCanceledException
            && context.CancellationToken.IsCancellationRequested
        )
        {
            // The caller left, or its deadline passed: nobody is there to read more.
            return new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled."));
        }

        var trace =
            Activity.Current?.TraceId.ToHexString() ?? context.GetHttpContext().TraceIdentifier;
        Log.Failed(logger, exception, context.Method, trace);
        return new RpcException(new Status(StatusCode.Internal, $"Internal error, trace {trace}."));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed, trace {Trace}")]
        public static partial void Failed(
            ILogger logger,
            Exception exception,
            string method,
            string trace
        );
    }
}
