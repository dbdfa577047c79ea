using System.Globalization;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>Sends answers that are there as a whole.</summary>
internal static class HttpReplies
{
    public static async Task SendJsonAsync(this HttpContext http, ReadOnlyMemory<byte> body)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    public static Task SendAsync(this HttpContext http, ErrorReply reply)
    {
        http.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } wait && wait > TimeSpan.Zero)
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds)
                .ToString(CultureInfo.InvariantCulture);
        }

        return http.SendJsonAsync(reply.Body);
    }
}
