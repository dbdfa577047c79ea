using System.Collections.Frozen;
using System.Text.Json;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Export;

/// <summary>Writes schemas of OpenAPI 2.0 as those of 3.0.</summary>
internal sealed class SwaggerSchemas(Utf8JsonWriter writer)
{
    private static readonly (string From, string To)[] Places =
    [
        ("#/definitions/", "#/components/schemas/"),
        ("#/parameters/", "#/components/parameters/"),
        ("#/responses/", "#/components/responses/"),
    ];

    private static readonly FrozenSet<string> Maps = FrozenSet.Create(
        StringComparer.Ordinal,
        "properties",
        "patternProperties"
    );

    public static string Reference(string reference)
    {
        foreach (var (from, to) in Places)
        {
            if (reference.StartsWith(from, StringComparison.Ordinal))
            {
                return to + reference[from.Length..];
            }
        }

        return reference;
    }

    public void Write(SourceNode schema)
    {
        if (!schema.IsObject)
        {
            WriteOther(schema);
            return;
        }

        writer.WriteStartObject();
        foreach (var (name, value) in schema.Properties())
        {
            WriteKeyword(name, value);
        }

        writer.WriteEndObject();
    }

    public void WriteKeyword(string name, SourceNode value)
    {
        switch (name)
        {
            case "$ref" when value.IsText:
                writer.WriteString(name, Reference(value.Text));
                break;
            case "x-nullable" when value.Kind == SourceKind.True:
                writer.WriteBoolean("nullable", true);
                break;
            case "discriminator" when value.IsText:
                writer.WriteStartObject(name);
                writer.WriteString("propertyName", value.Text);
                writer.WriteEndObject();
                break;
            case "type" when value.IsText && value.Text == "file":
                writer.WriteString("type", "string");
                writer.WriteString("format", "binary");
                break;
            // 3.0 says this of whole parameters only.
            case "collectionFormat":
                Copy("x-collectionFormat", value);
                break;
            case "example" or "default" or "enum":
            case var _ when name.StartsWith("x-", StringComparison.Ordinal):
                Copy(name, value);
                break;
            case var _ when Maps.Contains(name) && value.IsObject:
                WriteMap(name, value);
                break;
            default:
                writer.WritePropertyName(name);
                Write(value);
                break;
        }
    }

    public void WriteMap(string name, SourceNode map)
    {
        writer.WriteStartObject(name);
        foreach (var (key, schema) in map.Properties())
        {
            writer.WritePropertyName(key);
            Write(schema);
        }

        writer.WriteEndObject();
    }

    private void WriteOther(SourceNode value)
    {
        if (!value.IsList)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartArray();
        foreach (var item in value.Items())
        {
            Write(item);
        }

        writer.WriteEndArray();
    }

    private void Copy(string name, SourceNode value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
