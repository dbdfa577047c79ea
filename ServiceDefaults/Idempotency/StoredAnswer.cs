using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>An answer that a repeat gets again.</summary>
/// <param name="Fingerprint">Of the request that it answered.</param>
/// <param name="Headers">Those that belong to the answer and not to the connection.</param>
internal sealed record StoredAnswer(
    byte[] Fingerprint,
    int Status,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body
)
{
    /// <summary>Tells a repeated answer from a first one.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    private static readonly string[] KeptHeaders = ["Location", "ETag", "Content-Type"];

    public static StoredAnswer Of(HttpResponse response, byte[] fingerprint, byte[] body) =>
        new(
            fingerprint,
            response.StatusCode,
            KeptHeaders
                .Where(h => response.Headers[h].Count > 0)
                .ToDictionary(h => h, h => response.Headers[h].ToString()),
            body
        );

    public async Task ReplayAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.Headers[ReplayedHeader] = "true";
        await WriteBodyAsync(context, Body);
    }

    // Some statuses (204, 205) have no body, and the server refuses even an empty write.
    public static async Task WriteBodyAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        if (!body.IsEmpty)
        {
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
