using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>
/// The edge where everything that is not an answer becomes a problem document: exceptions, and statuses that
/// nobody wrote a body for. What was unexpected is told as an id only; the log has the rest under it.
/// </summary>
internal sealed partial class ProblemMiddleware(
    RequestDelegate next,
    ILogger<ProblemMiddleware> logger
)
{
    // Not a registered status: what proxies log for a client that went away. Nobody receives it.
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (IsClientGone(e, context))
        {
            Log.ClientGone(logger, context.Request.Method, context.Request.Path);
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }

            return;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, Translate(e, context));
            return;
        }

        if (IsBareFailure(context))
        {
            await ProblemWriter.WriteAsync(
                context,
                StatusProblems.For(context.Response.StatusCode, context)
            );
        }
    }

    private ApiProblem Translate(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case ApiProblemException expected:
                return expected.Problem;
            case BadHttpRequestException bad:
                Log.BadRequest(logger, bad.StatusCode, bad.Message);
                return BindingProblems.For(bad, context);
            default:
                Log.Unexpected(
                    logger,
                    exception,
                    context.Request.Method,
                    context.Request.Path,
                    ProblemWriter.IdOf(context)
                );
                return StatusProblems.Internal();
        }
    }

    private static Task AnswerAsync(HttpContext context, ApiProblem problem)
    {
        // Headers of the answer that was begun, such as a content length, do not belong to this one.
        context.Response.Clear();
        return ProblemWriter.WriteAsync(context, problem);
    }

    private static bool IsClientGone(Exception exception, HttpContext context) =>
        context.RequestAborted.IsCancellationRequested
        && exception is (OperationCanceledException or IOException);

    private static bool IsBareFailure(HttpContext context) =>
        context.Response is { HasStarted: false, StatusCode: >= 400 and < 600, ContentLength: null }
        && string.IsNullOrEmpty(context.Response.ContentType)
        && context.Response.StatusCode != ClientClosedRequest
        && context.GetEndpoint()?.Metadata.GetMetadata<ISkipStatusCodePagesMetadata>() is null
        // gRPC has its own words for failures.
        && context.Request.ContentType?.StartsWith(
            "application/grpc",
            StringComparison.OrdinalIgnoreCase
        )
            is not true;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The client of {Method} {Path} went away.")]
        public static partial void ClientGone(ILogger logger, string method, string path);

        [LoggerMessage(LogLevel.Debug, "Refused with {Status}: {Reason}")]
        public static partial void BadRequest(ILogger logger, int status, string reason);

        [LoggerMessage(LogLevel.Error, "{Method} {Path} failed unexpectedly, id {Id}.")]
        public static partial void Unexpected(
            ILogger logger,
            Exception exception,
            string method,
            string path,
            string id
        );
    }
}
