using Grpc.AspNetCore.Server.Options;
using Grpc.AspNetCore.Server.Refusals;
using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Serves the calls of one method: from the request to the status.</summary>
internal abstract partial class CallHandler(IMethod method, MethodOptions options, ILogger logger)
{
    // RFC 9113, section 7.
    private const int Http2InternalError = 2;
    private const int Http2Cancel = 8;

    protected MethodOptions Options => options;

    public Task HandleAsync(HttpContext http)
    {
        if (Refusal.Refuse(http))
        {
            Log.Refused(logger, http.Request.Protocol, http.Request.ContentType);
            return Task.CompletedTask;
        }

        if (method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming)
        {
            LiftLimits(http);
        }

        http.Response.ContentType = GrpcHeaders.ContentType;
        return RunAsync(http);
    }

    /// <summary>Reads, serves, writes.</summary>
    protected abstract Task ServeAsync(HttpServerCallContext context);

    protected MessageReader<T> Reader<T>(HttpContext http, Marshaller<T> marshaller)
        where T : class
    {
        var encoding = http.Request.Headers[GrpcHeaders.Encoding].ToString();
        return new MessageReader<T>(
            http.Request.BodyReader,
            new MessageDecoder(options.Encodings, encoding, options.MaxReceiveMessageSize),
            marshaller.ContextualDeserializer
        );
    }

    /// <summary>A stream lasts as long as it lasts, and may be slow: the limits of its messages are what counts.</summary>
    private static void LiftLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    private async Task RunAsync(HttpContext http)
    {
        using var deadline = CallDeadline.Of(http, TimeProvider.System);
        var context = new HttpServerCallContext(http, method, options, deadline);
        http.Features.Set<IServerCallContextFeature>(context);
        var serving = ServeAsync(context);
        if (deadline is null || serving.IsCompleted)
        {
            await FinishAsync(context, serving);
            return;
        }

        await Task.WhenAny(serving, deadline.Passed);
        if (deadline.Passed.IsCompleted)
        {
            await ExceedAsync(context, serving);
        }
        else
        {
            await FinishAsync(context, serving);
        }
    }

    private async Task FinishAsync(HttpServerCallContext context, Task serving)
    {
        try
        {
            await serving;
        }
        catch (Exception e)
        {
            Fail(context, e);
        }

        Conclude(context, Http2InternalError);
    }

    /// <summary>Answers at once; then waits for the service, which still has the request in its hands.</summary>
    private async Task ExceedAsync(HttpServerCallContext context, Task serving)
    {
        Log.DeadlineExceeded(logger, method.FullName);
        context.Status = new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded");
        if (Conclude(context, Http2Cancel))
        {
            await context.HttpContext.Response.CompleteAsync();
        }

        try
        {
            await serving;
        }
        catch (Exception e)
        {
            Log.EndedAfterDeadline(logger, e, method.FullName);
        }
    }

    /// <summary>Sends the status; a message left half written, or under way, is reset instead: false.</summary>
    private static bool Conclude(HttpServerCallContext context, int resetCode)
    {
        var http = context.HttpContext;
        context.Tag();
        if (http.RequestAborted.IsCancellationRequested)
        {
            context.End();
            return false;
        }

        if (!context.End())
        {
            http.Features.Get<IHttpResetFeature>()?.Reset(resetCode);
            return false;
        }

        context.WriteStatus();
        return true;
    }

    private void Fail(HttpServerCallContext context, Exception exception)
    {
        var http = context.HttpContext;
        // A read can fail a moment before the token is cancelled.
        if (
            http.RequestAborted.IsCancellationRequested
            || exception is ConnectionResetException or ConnectionAbortedException
        )
        {
            Log.Aborted(logger, exception, method.FullName);
            context.Status = new Status(StatusCode.Cancelled, "The caller has gone.");
        }
        else if (exception is RpcException rpc)
        {
            Log.Failed(logger, exception, method.FullName, rpc.StatusCode);
            if (exception is UnsupportedEncodingException && !http.Response.HasStarted)
            {
                http.Response.Headers[GrpcHeaders.AcceptEncoding] = options.Encodings.Accepted;
            }

            context.AddTrailers(rpc.Trailers);
            context.Status = rpc.Status;
        }
        else
        {
            Log.Threw(logger, exception, method.FullName);
            context.Status = new Status(
                StatusCode.Unknown,
                options.DetailedErrors
                    ? $"Exception was thrown by handler. {Describe(exception)}"
                    : "Exception was thrown by handler.",
                exception
            );
        }
    }

    private static string Describe(Exception exception) =>
        exception.InnerException is null
            ? $"{exception.GetType().Name}: {exception.Message}"
            : $"{exception.GetType().Name}: {exception.Message} {Describe(exception.InnerException)}";

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "Refused a request with protocol {Protocol} and content type {ContentType}."
        )]
        public static partial void Refused(ILogger logger, string protocol, string? contentType);

        [LoggerMessage(2, LogLevel.Debug, "The deadline of a call of {Method} passed.")]
        public static partial void DeadlineExceeded(ILogger logger, string method);

        [LoggerMessage(
            3,
            LogLevel.Debug,
            "A call of {Method} ended with an exception after its deadline."
        )]
        public static partial void EndedAfterDeadline(
            ILogger logger,
            Exception exception,
            string method
        );

        [LoggerMessage(4, LogLevel.Debug, "The caller of {Method} has gone.")]
        public static partial void Aborted(ILogger logger, Exception exception, string method);

        [LoggerMessage(5, LogLevel.Information, "A call of {Method} ended with status {Status}.")]
        public static partial void Failed(
            ILogger logger,
            Exception exception,
            string method,
            StatusCode status
        );

        [LoggerMessage(6, LogLevel.Error, "{Method} threw an exception.")]
        public static partial void Threw(ILogger logger, Exception exception, string method);
    }
}
