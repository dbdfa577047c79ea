using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ApiSvc.ServiceDefaults.OpenApi;

/// <summary>
/// Makes schemas say what the reader of requests demands: the form of ids, which properties must be there, and the
/// annotations of constructors' parameters, which the framework does not look at.
/// </summary>
internal sealed class SchemaTransformer : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type);
        var isNullable = type is not null;
        type ??= context.JsonTypeInfo.Type;
        var text = isNullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        if (IdText.IsId(type))
        {
            schema.Type = text;
            schema.Pattern = $"^{IdText.PrefixOf(type)}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$";
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema.Type = text;
            schema.Format = "date-time";
        }
        else if (type.IsEnum)
        {
            schema.Type ??= JsonSchemaType.String;
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            DescribeObject(schema, context.JsonTypeInfo);
        }

        if (context.JsonPropertyInfo?.AssociatedParameter?.AttributeProvider is { } parameter)
        {
            foreach (var attribute in parameter.GetCustomAttributes(inherit: true))
            {
                Apply(schema, attribute);
            }
        }

        return Task.CompletedTask;
    }

    private static void DescribeObject(OpenApiSchema schema, JsonTypeInfo type)
    {
        schema.Required = ObjectRules
            .Of(type)
            .Properties.Where(rule => rule.Required)
            .Select(rule => rule.Name)
            .ToHashSet(StringComparer.Ordinal);

        // Requests refuse unknown properties, but answers may get more of them within a version, and a schema does
        // not know which of the two it is for.
        schema.AdditionalPropertiesAllowed = true;
    }

    private static void Apply(OpenApiSchema schema, object attribute)
    {
        switch (attribute)
        {
            case RangeAttribute range:
                schema.Minimum = Convert.ToString(range.Minimum, CultureInfo.InvariantCulture);
                schema.Maximum = Convert.ToString(range.Maximum, CultureInfo.InvariantCulture);
                break;
            case StringLengthAttribute length:
                schema.MinLength = length.MinimumLength;
                schema.MaxLength = length.MaximumLength;
                break;
            case RegularExpressionAttribute pattern:
                schema.Pattern = pattern.Pattern;
                break;
            case LengthAttribute length:
                SetLength(schema, length.MinimumLength, length.MaximumLength);
                break;
            case MinLengthAttribute length:
                SetLength(schema, length.Length, most: null);
                break;
            case MaxLengthAttribute length:
                SetLength(schema, least: null, length.Length);
                break;
        }
    }

    private static void SetLength(OpenApiSchema schema, int? least, int? most)
    {
        if (schema.Type?.HasFlag(JsonSchemaType.Array) == true)
        {
            schema.MinItems = least ?? schema.MinItems;
            schema.MaxItems = most ?? schema.MaxItems;
        }
        else
        {
            schema.MinLength = least ?? schema.MinLength;
            schema.MaxLength = most ?? schema.MaxLength;
        }
    }
}
