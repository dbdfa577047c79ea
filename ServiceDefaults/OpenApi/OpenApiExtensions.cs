using System.Text.Json.Serialization.Metadata;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ApiSvc.ServiceDefaults.OpenApi;

/// <summary>Describes the REST API of a service at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiExtensions
{
    public static IServiceCollection AddRestOpenApi(
        this IServiceCollection services,
        string title
    ) =>
        services.AddOpenApi(
            "v1",
            options =>
            {
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
                options.CreateSchemaReferenceId = NameOf;
                options.AddDocumentTransformer(
                    (document, _, _) =>
                    {
                        document.Info = new() { Title = title, Version = "v1" };

                        // Where a client reaches the service is not for the service to say.
                        document.Servers = [];
                        return Task.CompletedTask;
                    }
                );
                options.AddDocumentTransformer<SecurityTransformer>();
                options.AddOperationTransformer<ParameterTransformer>();
                options.AddDocumentTransformer<ProblemTransformer>();
                options.AddSchemaTransformer<SchemaTransformer>();
            }
        );

    // An id is a string with a pattern wherever it is: not worth a name of its own.
    private static string? NameOf(JsonTypeInfo type)
    {
        var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (IdText.IsId(bare))
        {
            return null;
        }

        return bare == typeof(ProblemDocument)
            ? ProblemTransformer.Name
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
    }
}
