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
        :root {
          color-scheme: light dark;
          font: 100%/1.5 system-ui, sans-serif;
          --ground: #f4f6f9; --sheet: #fff; --text: #1b1f24; --muted: #4d5561; --line: #8b949e;
          --accent: #0b57d0; --on-accent: #fff; --bad: #b00020; --good: #1a6b35;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #0f1318; --sheet: #191f26; --text: #e8ebef; --muted: #aab4c0; --line: #66707c;
            --accent: #9cc2ff; --on-accent: #0a1a33; --bad: #ff9aa8; --good: #7fd79b;
          }
        }
        body { margin: 0; background: var(--ground); color: var(--text); }
        main {
          max-width: 26rem; margin: 8vh auto; padding: 1.5rem 2rem 2rem; box-sizing: border-box;
          background: var(--sheet); border-radius: .75rem; overflow-wrap: anywhere;
        }
        main.wide { max-width: 46rem; margin: 4vh auto; }
        @media (max-width: 48rem) { main, main.wide { margin: 0; max-width: none; min-height: 100vh; padding: 1.25rem; border-radius: 0; } }
        .brand { margin: 0 0 1rem; color: var(--muted); font-weight: 600; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
        h2 { font-size: 1.125rem; margin: 2rem 0 .5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
        a { color: var(--accent); }
        label { font-weight: 600; }
        .field { margin: 0 0 1rem; }
        .hint, .muted { margin: 0; color: var(--muted); font-size: .875rem; }
        button, .button, input, select { font: inherit; padding: .5rem 1rem; min-height: 2.75rem; border-radius: .375rem; box-sizing: border-box; }
        input { display: block; width: 100%; margin: .25rem 0 0; padding: .5rem .75rem; border: 1px solid var(--line); background: var(--sheet); color: var(--text); }
        input[aria-invalid] { border-color: var(--bad); }
        button, .button { display: inline-block; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); cursor: pointer; text-decoration: none; }
        button[value=refuse], .quiet { background: transparent; color: var(--accent); }
        button + button { margin-left: .5rem; }
        form { margin: 0 0 .5rem; }
        input + button { margin-top: 1rem; }
        .hint + form { margin-top: .75rem; }
        .stack .button { display: block; text-align: center; margin: 0 0 .5rem; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .error, .notice { border-left: .25rem solid var(--bad); margin: 0 0 1rem; padding-left: .75rem; }
        .field .error { margin: .25rem 0 0; color: var(--bad); }
        .notice { border-color: var(--good); }
        .or { margin: 1.5rem 0 .75rem; color: var(--muted); }
        .links { margin: 1.5rem 0 0; }
        ul.rows { list-style: none; margin: 0; padding: 0; }
        ul.rows li { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; justify-content: space-between; padding: .75rem 0; border-bottom: 1px solid var(--line); }
        ul.rows li:last-child { border-bottom: 0; }
        ul.rows form { margin: 0; }
        ul.codes { font-family: ui-monospace, monospace; font-size: 1.125rem; columns: 2; padding-left: 1.25rem; }
        @media (max-width: 30rem) { ul.codes { columns: 1; } }
        code { font-family: ui-monospace, monospace; }
        .qr { display: block; width: 13rem; height: 13rem; margin: 1rem 0; }
        """;

    private static readonly string StyleHash = Convert.ToBase64String(
        SHA256.HashData(Encoding.UTF8.GetBytes(Style))
    );

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Whether it shows lists, and takes more room.</summary>
    public bool IsWide { get; init; }

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
            <title>{Title} – ApiSvc</title>
            <style>{new Html(Style)}</style>
            </head>
            <body>
            <main{(IsWide ? new Html(" class=\"wide\"") : Html.Empty)}>
            <p class="brand">ApiSvc</p>
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
