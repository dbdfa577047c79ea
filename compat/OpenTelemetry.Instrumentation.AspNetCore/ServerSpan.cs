using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>The attributes of a server span, by OpenTelemetry's semantic conventions for HTTP.</summary>
internal static class ServerSpan
{
    private static readonly HashSet<string> KnownMethods =
    [
        "CONNECT",
        "DELETE",
        "GET",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "POST",
        "PUT",
        "QUERY",
        "TRACE",
    ];

    public static void Begin(Activity span, HttpRequest request)
    {
        var method = KnownMethods.Contains(request.Method) ? request.Method : "_OTHER";
        span.DisplayName = Name(method);
        span.SetTag("http.request.method", method);
        if (method != request.Method)
        {
            span.SetTag("http.request.method_original", request.Method);
        }

        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("url.path", (request.PathBase + request.Path).Value);
        if (request.QueryString.HasValue)
        {
            span.SetTag("url.query", Redact(request.QueryString.Value!));
        }

        if (request.Host.HasValue)
        {
            span.SetTag("server.address", request.Host.Host);
            span.SetTag("server.port", request.Host.Port);
        }

        if (request.Headers.UserAgent.Count > 0)
        {
            span.SetTag("user_agent.original", request.Headers.UserAgent.ToString());
        }

        span.SetTag("network.protocol.version", Version(request.Protocol));
    }

    public static void End(Activity span, HttpContext context)
    {
        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.SetTag("http.route", route);
            span.DisplayName = $"{Name((string)span.GetTagItem("http.request.method")!)} {route}";
        }

        if (status >= 500)
        {
            span.SetStatus(ActivityStatusCode.Error);
            if (span.GetTagItem("error.type") is null)
            {
                span.SetTag(
                    "error.type",
                    status.ToString(System.Globalization.CultureInfo.InvariantCulture)
                );
            }
        }
    }

    public static void Fail(Activity span, Exception exception)
    {
        span.SetTag("error.type", exception.GetType().FullName);
        span.SetStatus(ActivityStatusCode.Error);
    }

    private static string Name(string method) => method == "_OTHER" ? "HTTP" : method;

    private static string? Version(string protocol) =>
        protocol.StartsWith("HTTP/", StringComparison.Ordinal)
            ? protocol["HTTP/".Length..]
                .Replace("2.0", "2", StringComparison.Ordinal)
                .Replace("3.0", "3", StringComparison.Ordinal)
            : null;

    /// <summary>The values of a query may be secrets; its names are kept.</summary>
    private static string Redact(string query) =>
        "?"
        + string.Join(
            '&',
            query[1..]
                .Split('&')
                .Select(pair =>
                    pair.Contains('=', StringComparison.Ordinal)
                        ? pair[..(pair.IndexOf('=', StringComparison.Ordinal) + 1)] + "Redacted"
                        : pair
                )
        );
}
