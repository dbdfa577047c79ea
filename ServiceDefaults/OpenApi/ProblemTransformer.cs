using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ApiSvc.ServiceDefaults.OpenApi;

/// <summary>Every failure of every operation is a problem document (RFC 9457).</summary>
internal sealed class ProblemTransformer : IOpenApiDocumentTransformer
{
    /// <summary>The name of the schema and of the response.</summary>
    public const string Name = "Problem";

    public async Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var schema = await context.GetOrCreateSchemaAsync(
            typeof(ProblemDocument),
            parameterDescription: null,
            cancellationToken
        );
        var components = document.Components ??= new();
        components.Schemas ??= new Dictionary<string, IOpenApiSchema>();

        // There already where an operation declares a problem of its own.
        components.Schemas.TryAdd(Name, schema);
        components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        components.Responses[Name] = new OpenApiResponse
        {
            Description = "What went wrong, as a problem document (RFC 9457).",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new()
                {
                    Schema = new OpenApiSchemaReference(Name, document),
                },
            },
        };

        foreach (var operation in document.Paths.Values.SelectMany(p => p.Operations ?? []))
        {
            operation.Value.Responses ??= [];
            operation.Value.Responses.TryAdd(
                "default",
                new OpenApiResponseReference(Name, document)
            );
        }
    }
}
