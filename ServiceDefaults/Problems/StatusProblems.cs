using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>The problems that the framework knows only as a status.</summary>
internal static class StatusProblems
{
    public static ApiProblem For(int status, HttpContext context) =>
        status switch
        {
            400 => Make(400, "bad-request", "The request could not be read."),
            401 => Make(401, "unauthenticated", "Give a valid access token."),
            403 => Make(403, "forbidden", "The caller may not do this."),
            404 => Make(404, "not-found", "There is nothing at this address."),
            405 => Make(405, "method-not-allowed", MethodNotAllowed(context)),
            408 => Make(408, "request-timeout", "The request did not arrive in time."),
            413 => Make(413, "too-large", "The body is too large."),
            414 => Make(414, "uri-too-long", "The address is too long."),
            415 => UnsupportedMediaType(),
            429 => Make(429, "too-many-requests", "Too many requests; try again later."),
            431 => Make(431, "headers-too-large", "The headers are too large."),
            503 => Make(503, "unavailable", "The service cannot answer now; try again later."),
            >= 500 => Internal(status),
            _ => Make(status, "refused", "The request was refused."),
        };

    public static ApiProblem UnsupportedMediaType() =>
        Make(415, "unsupported-media-type", "The body must be application/json in UTF-8.");

    public static ApiProblem TooLarge(long limit) =>
        Make(
            413,
            "too-large",
            string.Create(CultureInfo.InvariantCulture, $"The body may have {limit} bytes.")
        );

    public static ApiProblem Internal(int status = 500) =>
        Make(status, "internal", "An unexpected error occurred. The log has it under this id.");

    private static string MethodNotAllowed(HttpContext context) =>
        context.Response.Headers.Allow is { Count: > 0 } allow
            ? $"Allowed here: {allow}."
            : "The method is not allowed here.";

    private static ApiProblem Make(int status, string code, string detail) =>
        new()
        {
            Status = status,
            Code = code,
            Detail = detail,
        };
}
