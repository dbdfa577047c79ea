using System.Security.Cryptography;
using System.Text;
using ApiSvc.ServiceDefaults.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>What makes two requests the same.</summary>
/// <param name="Scope">SHA-256 over caller, endpoint and key: whose key it is and for what.</param>
/// <param name="Fingerprint">SHA-256 over method, path, query and body: what was asked.</param>
internal sealed record IdempotentRequest(byte[] Scope, byte[] Fingerprint)
{
    /// <summary>The advisory lock that one of several equal requests gets.</summary>
    public long Lock => LockKey.Of(Scope);

    /// <summary>Reads the body and puts it back for the handler.</summary>
    /// <returns>Null if the body is longer than allowed.</returns>
    public static async Task<IdempotentRequest?> ReadAsync(
        HttpContext context,
        string subject,
        string key,
        int longestBody
    )
    {
        var body = await ReadBodyAsync(context, longestBody);
        if (body is null)
        {
            return null;
        }

        var request = context.Request;
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        return new(
            Hash([], subject, request.Method, pattern ?? request.Path.Value ?? "", key),
            Hash(body, request.Method, request.GetEncodedPathAndQuery())
        );
    }

    /// <summary>A call whose request is a message.</summary>
    public static IdempotentRequest Of(
        string subject,
        string operation,
        string key,
        ReadOnlySpan<byte> request
    ) => new(Hash([], subject, operation, key), Hash(request, operation));

    private static async Task<byte[]?> ReadBodyAsync(HttpContext context, int longest)
    {
        if (context.Request.ContentLength > longest)
        {
            return null;
        }

        using var body = new MemoryStream();
        var part = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(part, context.RequestAborted)) > 0)
        {
            if (body.Length + read > longest)
            {
                return null;
            }

            body.Write(part, 0, read);
        }

        context.Request.Body = new MemoryStream(body.ToArray(), writable: false);
        return body.ToArray();
    }

    // Each part is preceded by its length, so that no two lists of parts have the same bytes.
    private static byte[] Hash(ReadOnlySpan<byte> last, params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        hash.AppendData(last);
        return hash.GetHashAndReset();
    }
}
