using Aspire.Hosting.Dashboard.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Security;

/// <summary>
/// The printed address carries a token; it is traded for a cookie that scripts cannot read and other sites cannot
/// make a browser send.
/// </summary>
internal static class Login
{
    /// <summary>The header a request that changes something carries: no form can, and no other origin may.</summary>
    public const string RequestHeader = "X-Dashboard-Request";

    private const string Path = "/login";

    public static void UseLogin(this WebApplication app, string token)
    {
        var session = Secret.Make();
        app.Use(
            (context, next) =>
            {
                var request = context.Request;

                // Cookies do not know ports: two dashboards on one machine need two names.
                var cookie = $"dashboard-{context.Connection.LocalPort}";
                if (request.Path == Path && HttpMethods.IsGet(request.Method))
                {
                    return Secret.Matches(request.Query["t"], token)
                        ? LetIn(context, cookie, session)
                        : AskToLogIn(context);
                }

                // The page that asks to log in needs its looks; they tell nothing.
                var isOpen = request.Path == "/style.css" || request.Path == "/icon.svg";
                if (!isOpen && !Secret.Matches(request.Cookies[cookie], session))
                {
                    return AskToLogIn(context);
                }

                return IsSafe(request) || IsFromOwnPage(request) ? next(context) : Forbid(context);
            }
        );
    }

    private static Task LetIn(HttpContext context, string cookie, string session)
    {
        context.Response.Cookies.Append(
            cookie,
            session,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Path = "/",
                IsEssential = true,
            }
        );

        // Away from the address with the token, so that it is not what a person copies or bookmarks.
        context.Response.Redirect("/");
        return Task.CompletedTask;
    }

    private static Task AskToLogIn(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            ? context.Response.WriteAsync("Log in by the address that the AppHost printed.")
            : WebFiles.WriteAsync(context, "login.html");
    }

    private static bool IsSafe(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    // Another port of the same host is the same site to a browser, so the cookie alone proves nothing.
    private static bool IsFromOwnPage(HttpRequest request) =>
        request.Headers[RequestHeader] == "1"
        && (
            request.Headers.Origin.Count == 0
            || request.Headers.Origin == $"{request.Scheme}://{request.Host}"
        );

    private static Task Forbid(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("Only the dashboard's own pages may change something.");
    }
}
