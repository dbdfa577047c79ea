using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Api;

/// <summary>The pages' files, which are in the assembly.</summary>
internal static class WebFiles
{
    public static void MapWebFiles(this WebApplication app)
    {
        app.MapGet("/", context => WriteAsync(context, "index.html"));
        foreach (var name in typeof(WebFiles).Assembly.GetManifestResourceNames())
        {
            app.MapGet($"/{name}", context => WriteAsync(context, name));
        }
    }

    public static async Task WriteAsync(HttpContext context, string name)
    {
        await using var file = typeof(WebFiles).Assembly.GetManifestResourceStream(name)!;
        context.Response.ContentType = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
        context.Response.ContentLength = file.Length;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
