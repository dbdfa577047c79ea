using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace ApiSvc.Identity.Pages;

/// <summary>
/// A page for people, without scripts. It may be in no frame, so that nobody is led to click what he does not see
/// (RFC 9700 section 4.16), is kept nowhere and tells no other site where it was.
/// </summary>
/// <param name="Title">What it is about.</param>
/// <param name="Body">What stands under the title.</param>
internal sealed record Page(string Title, Html Body) : IResult
{
    private const string Style = """
        :root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
        body { margin: 0; }
        main { max-width: 30rem; margin: 10vh auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; line-height: 1.25; }
        button, input { font: inherit; padding: .5rem 1rem; min-height: 2.75rem; }
        input { display: block; width: 100%; box-sizing: border-box; margin: .25rem 0 1rem; }
        button + button { margin-left: .5rem; }
        .error { border-left: .25rem solid #b00020; padding-left: .75rem; }
        """;

    private static readonly string StyleHash = Convert.ToBase64String(
        SHA256.HashData(Encoding.UTF8.GetBytes(Style))
    );

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Where its form may lead beside this service: browsers judge redirects that answer a form, too.</summary>
    public string? FormLeadsTo { get; init; }

    /// <summary>A page that says why something does not go on.</summary>
    public static Page Failure(string reason, int status = StatusCodes.Status400BadRequest) =>
        new("This does not work", Html.Of($"<p class=\"error\" role=\"alert\">{reason}</p>"))
        {
            Status = status,
        };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "text/html; charset=utf-8";
        var formAction = FormLeadsTo is null ? "'self'" : $"'self' {OriginOf(FormLeadsTo)}";
        response.Headers[HeaderNames.ContentSecurityPolicy] =
            $"default-src 'none'; style-src 'sha256-{StyleHash}'; form-action {formAction}; frame-ancestors 'none'; base-uri 'none'";
        response.Headers[HeaderNames.XFrameOptions] = "DENY";
        response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        response.Headers[HeaderNames.CacheControl] = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return response.WriteAsync(ToHtml().Text);
    }

    private Html ToHtml() =>
        Html.Of(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Title}</title>
            <style>{new Html(Style)}</style>
            </head>
            <body>
            <main>
            <h1>{Title}</h1>
            {Body}
            </main>
            </body>
            </html>

            """
        );

    // A policy is split at ; and , so that nothing but scheme, host and port may get into it; it knows no IPv6 addresses
    // (CSP Level 3 section 2.3.1).
    private static string OriginOf(string address)
    {
        var uri = new Uri(address);
        return uri.HostNameType == UriHostNameType.IPv6
            ? $"{uri.Scheme}:"
            : uri.GetLeftPart(UriPartial.Authority);
    }
}
