using System.Buffers;
using System.IO.Pipelines;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>Reads the bytes of a JSON body within its limits.</summary>
internal static class JsonBody
{
    /// <exception cref="ApiProblemException">415 or 413.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        if (!IsJson(context.Request.ContentType))
        {
            throw new ApiProblemException(StatusProblems.UnsupportedMediaType());
        }

        var limit = LimitOf(context);
        if (context.Request.ContentLength > limit)
        {
            throw new ApiProblemException(StatusProblems.TooLarge(limit));
        }

        var pipe = context.Request.BodyReader;
        while (true)
        {
            var result = await pipe.ReadAsync(context.RequestAborted);
            if (result.Buffer.Length > limit)
            {
                pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                throw new ApiProblemException(StatusProblems.TooLarge(limit));
            }

            if (result.IsCompleted)
            {
                return Take(pipe, result);
            }

            pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static ReadOnlyMemory<byte> Take(PipeReader pipe, ReadResult result)
    {
        var bytes = result.Buffer.ToArray();
        pipe.AdvanceTo(result.Buffer.End);

        // RFC 8259 section 8.1: a byte order mark may be ignored.
        return bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsMemory(3) : bytes;
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (
            !type.Charset.HasValue
            || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        );

    private static long LimitOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()
            is { MaxRequestBodySize: { } own }
            ? own
            : context
                .RequestServices.GetRequiredService<IOptions<RestOptions>>()
                .Value.MaxBodyBytes;
}
