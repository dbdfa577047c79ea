using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Security;

/// <summary>What every request is held to before anything looks at it.</summary>
internal static class RequestGuards
{
    /// <summary>
    /// Answers only to loopback's own names. A page elsewhere could otherwise let its name point to loopback and
    /// then read the dashboard as its own origin (DNS rebinding).
    /// </summary>
    public static void UseOwnHostOnly(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                var host = context.Request.Host;
                if (
                    host.Host is "localhost" or "127.0.0.1"
                    && (host.Port ?? 80) == context.Connection.LocalPort
                )
                {
                    return next(context);
                }

                context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
                return context.Response.WriteAsync("This server has another name.");
            }
        );

    /// <summary>Only the dashboard's own files run or show; nobody frames it, nobody is told where a link was.</summary>
    public static void UseSafeHeaders(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                var headers = context.Response.Headers;
                headers.ContentSecurityPolicy =
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers.CacheControl = "no-store";
                return next(context);
            }
        );

    /// <summary>Lets in who shows the key in a header.</summary>
    public static void UseApiKey(this WebApplication app, string header, string key) =>
        app.Use(
            (context, next) =>
            {
                if (Secret.Matches(context.Request.Headers[header], key))
                {
                    return next(context);
                }

                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return context.Response.WriteAsync($"The header {header} is missing or wrong.");
            }
        );
}
