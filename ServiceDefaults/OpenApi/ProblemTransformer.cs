using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ApiSvc.ServiceDefaults.OpenApi;

/// <summary>Every failure of every operation is a problem document (RFC 9457).</summary>
internal sealed class ProblemTransformer : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var schema = await context.GetOrCreateSchemaAsync(
            typeof(ProblemDocument),
            parameterDescription: null,
            cancellationToken
        );
        operation.Responses ??= [];
        operation.Responses.TryAdd(
            "default",
            new OpenApiResponse
            {
                Description = "What went wrong, as a problem document.",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new OpenApiMediaType { Schema = schema },
                },
            }
        );
    }
}
