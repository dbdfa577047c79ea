using System.Reflection;
using ApiSvc.Catalog.Import;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace ApiSvc.Catalog.Specifications;

/// <summary>A handler's parameter: the request's body as it came, JSON or YAML whatever its type says.</summary>
internal sealed record DocumentBody(ReadOnlyMemory<byte> Bytes) : IEndpointParameterMetadataProvider
{
    // Most clients read an answer only once they have sent everything: a body a little too large is read to its end.
    private const int Patience = 16 * 1024 * 1024;

    public static async ValueTask<DocumentBody?> BindAsync(HttpContext context)
    {
        var limit = ImportLimits.Default.MaxBytes;
        if (context.Request.ContentLength > limit + Patience)
        {
            throw TooLarge(limit);
        }

        using var bytes = new MemoryStream();
        var length = 0L;
        var part = new byte[64 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(part, context.RequestAborted)) > 0)
        {
            length += read;
            if (length <= limit)
            {
                bytes.Write(part, 0, read);
            }
        }

        return length <= limit ? new(bytes.ToArray()) : throw TooLarge(limit);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        // The server's own limit is lower, and a body past it would be cut off without a word of what is right.
        builder.Metadata.Add(new SizeLimit(ImportLimits.Default.MaxBytes + Patience));
        builder.Metadata.Add(
            new AcceptsMetadata(["application/json", "application/yaml"], typeof(Stream))
        );
    }

    private static ApiProblemException TooLarge(int limit) =>
        new(
            new ApiProblem
            {
                Status = 413,
                Code = "too-large",
                Detail = $"A specification has at most {limit} bytes (64 MiB).",
            }
        );

    private sealed record SizeLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
