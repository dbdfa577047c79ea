using System.Text.Json.Serialization.Metadata;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ApiSvc.ServiceDefaults.OpenApi;

/// <summary>Makes schemas say what the reader of requests demands: ids, and which properties must be there.</summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = context.JsonTypeInfo.Type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>))
        {
            var prefix = IdText.PrefixOf(type);
            schema.Type = JsonSchemaType.String;
            schema.Pattern = $"^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$";
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            var required = ObjectRules
                .Of(context.JsonTypeInfo)
                .Properties.Where(rule => rule.Required)
                .Select(rule => rule.Name);
            schema.Required = required.ToHashSet(StringComparer.Ordinal);
        }

        return Task.CompletedTask;
    }
}
