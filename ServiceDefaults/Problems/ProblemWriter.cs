using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>Writes problem documents (RFC 9457), the same everywhere.</summary>
internal static class ProblemWriter
{
    public static Task WriteAsync(HttpContext context, ApiProblem problem)
    {
        context.Response.StatusCode = problem.Status;
        if (problem.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(
                System.Globalization.CultureInfo.InvariantCulture
            );
        }

        // An answer to a mistake must not outlive it in a cache.
        context.Response.Headers.CacheControl = "no-store";
        var document = new ProblemDocument(
            ProblemTypes.Prefix + problem.Code,
            Title(problem.Status),
            problem.Status,
            problem.Detail,
            IdOf(context),
            problem.Errors.Count == 0 ? null : problem.Errors
        );
        return context.Response.WriteAsJsonAsync(
            document,
            ProblemDocument.Json,
            "application/problem+json",
            context.RequestAborted
        );
    }

    private static string Title(int status) =>
        ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase ? phrase : "Problem";

    /// <summary>The id that a problem document and the log share.</summary>
    public static string IdOf(HttpContext context) =>
        Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
