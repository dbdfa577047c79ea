using System.Collections.Frozen;
using System.Text.Json;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Export;

/// <summary>Writes parameters, bodies and responses of OpenAPI 2.0 in the form of 3.0.</summary>
internal sealed class SwaggerParts(Utf8JsonWriter writer, SourceDocument source)
{
    // What of a 2.0 parameter or header is not of its schema.
    private static readonly FrozenSet<string> NoSchema = FrozenSet.Create(
        StringComparer.Ordinal,
        "name",
        "in",
        "description",
        "required",
        "schema",
        "allowEmptyValue",
        "collectionFormat"
    );

    public SwaggerSchemas Schemas { get; } = new(writer);

    public void WriteParameter(SourceNode parameter)
    {
        writer.WriteStartObject();
        foreach (var name in (string[])["name", "in", "description", "required", "allowEmptyValue"])
        {
            Copy(parameter, name);
        }

        CopyExtensions(parameter);
        WriteStyle(parameter, parameter.Find("in")?.Text == "query");
        WriteSchema("schema", parameter);
        writer.WriteEndObject();
    }

    /// <summary>The one parameter in <c>body</c>, whose name nobody sees on the wire, or those in <c>formData</c>.</summary>
    public void WriteBody(SourceNode operation, IReadOnlyList<SourceNode> parameters)
    {
        var body = parameters.FirstOrDefault(parameter => parameter.Find("in")?.Text == "body");
        var isBody = body.Document is not null;
        writer.WriteStartObject("requestBody");
        if (isBody)
        {
            Copy(body, "description");
            Copy(body, "required");
            CopyExtensions(body);
        }
        else if (parameters.Any(IsRequired))
        {
            writer.WriteBoolean("required", true);
        }

        writer.WriteStartObject("content");
        foreach (
            var type in isBody
                ? TypesOf(operation, "consumes", "application/json")
                : FormTypes(operation, parameters)
        )
        {
            writer.WriteStartObject(type);
            if (isBody && body.Find("schema") is { } schema)
            {
                writer.WritePropertyName("schema");
                Schemas.Write(schema);
            }
            else if (!isBody)
            {
                WriteForm(parameters);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public void WriteResponse(SourceNode response, SourceNode operation)
    {
        writer.WriteStartObject();
        writer.WriteString(
            "description",
            response.Find("description") is { IsText: true } text ? text.Text : ""
        );
        CopyExtensions(response);
        if (response.Find("headers") is { IsObject: true } headers)
        {
            writer.WriteStartObject("headers");
            foreach (var (name, header) in headers.Properties())
            {
                writer.WriteStartObject(name);
                Copy(header, "description");
                CopyExtensions(header);
                WriteSchema("schema", header);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        WriteContent(response, operation);
        writer.WriteEndObject();
    }

    public void CopyExtensions(SourceNode owner)
    {
        foreach (var (name, value) in owner.Properties())
        {
            if (name.StartsWith("x-", StringComparison.Ordinal))
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        }
    }

    private void WriteContent(SourceNode response, SourceNode operation)
    {
        var schema = response.Find("schema");
        var examples = response.Find("examples");
        var types = schema is null ? [] : TypesOf(operation, "produces", "*/*");
        var all = types
            .Concat(examples?.Properties().Select(example => example.Name) ?? [])
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (all.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("content");
        foreach (var type in all)
        {
            writer.WriteStartObject(type);
            if (schema is { } content)
            {
                writer.WritePropertyName("schema");
                Schemas.Write(content);
            }

            if (examples?.Find(type) is { } example)
            {
                writer.WritePropertyName("example");
                example.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteForm(IReadOnlyList<SourceNode> parameters)
    {
        writer.WriteStartObject("schema");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var parameter in parameters)
        {
            WriteSchema(NameOf(parameter), parameter, withDescription: true);
        }

        writer.WriteEndObject();
        if (parameters.Any(IsRequired))
        {
            writer.WriteStartArray("required");
            foreach (var parameter in parameters.Where(IsRequired))
            {
                writer.WriteStringValue(NameOf(parameter));
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        WriteEncoding(parameters);
    }

    private void WriteEncoding(IReadOnlyList<SourceNode> parameters)
    {
        var lists = parameters
            .Where(parameter => parameter.Find("type") is { IsText: true, Text: "array" })
            .ToList();
        if (lists.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("encoding");
        foreach (var list in lists)
        {
            writer.WriteStartObject(NameOf(list));
            WriteStyle(list, isQuery: true);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    // OpenAPI 2.0, "Parameter Object", collectionFormat; csv where nothing is said, which 3.x does not assume.
    private void WriteStyle(SourceNode parameter, bool isQuery)
    {
        if (parameter.Find("type") is not { IsText: true, Text: "array" } || !isQuery)
        {
            return;
        }

        var format = parameter.Find("collectionFormat")?.Text;
        writer.WriteString(
            "style",
            format switch
            {
                "ssv" => "spaceDelimited",
                "pipes" => "pipeDelimited",
                _ => "form",
            }
        );
        writer.WriteBoolean("explode", format == "multi");
        if (format == "tsv")
        {
            writer.WriteString("x-collectionFormat", format);
        }
    }

    private void WriteSchema(string name, SourceNode parameter, bool withDescription = false)
    {
        writer.WriteStartObject(name);
        foreach (var (keyword, value) in parameter.Properties())
        {
            if (
                (!NoSchema.Contains(keyword) && !keyword.StartsWith("x-", StringComparison.Ordinal))
                || (withDescription && keyword == "description")
            )
            {
                Schemas.WriteKeyword(keyword, value);
            }
        }

        writer.WriteEndObject();
    }

    private List<string> FormTypes(SourceNode operation, IReadOnlyList<SourceNode> parameters)
    {
        var usable = TypesOf(operation, "consumes", "")
            .Where(type => type is "multipart/form-data" or "application/x-www-form-urlencoded")
            .ToList();
        return usable.Count > 0 ? usable
            : parameters.Any(parameter => parameter.Find("type") is { IsText: true, Text: "file" })
                ? ["multipart/form-data"]
            : ["application/x-www-form-urlencoded"];
    }

    private List<string> TypesOf(SourceNode operation, string field, string otherwise)
    {
        var types = (operation.Find(field) ?? source.Root.Find(field))
            ?.Items()
            .Where(item => item.IsText)
            .Select(item => item.Text)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return types is { Count: > 0 } ? types : [otherwise];
    }

    private void Copy(SourceNode owner, string name)
    {
        if (owner.Find(name) is { } value)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }

    private static bool IsRequired(SourceNode parameter) =>
        parameter.Find("required") is { Kind: SourceKind.True };

    private static string NameOf(SourceNode parameter) => parameter.Find("name")?.Text ?? "";
}
