using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.AiAdapter.Mcp.Tools;

/// <summary>Makes tools of an OpenAPI document (3.0, 3.1, and Swagger 2.0), one of each operation.</summary>
internal sealed class ToolReader
{
    private const int MaxName = 64;
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete", "head"];

    private readonly JsonObject _document;
    private readonly SchemaReader _schemas;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private ToolReader(JsonObject document)
    {
        _document = document;
        _schemas = new(document);
    }

    /// <param name="document">As the gateway serves it: its first server is where the API is.</param>
    public static ToolSet Read(JsonObject document) => new ToolReader(document).Read();

    private ToolSet Read()
    {
        var tools = new List<Tool>();
        foreach (var (path, item) in _document["paths"] as JsonObject ?? [])
        {
            var resolved = _schemas.Resolve(item) ?? [];
            foreach (var method in Methods)
            {
                if (resolved[method] is JsonObject operation)
                {
                    tools.Add(Read(path, method, resolved, operation));
                }
            }
        }

        var info = _document["info"] as JsonObject;
        return new(Text(info, "title") ?? "API", Text(info, "version") ?? "", BasePath(), tools);
    }

    private string BasePath()
    {
        var server = (_document["servers"] as JsonArray)?.FirstOrDefault() as JsonObject;
        var url = Text(server, "url") ?? Text(_document, "basePath") ?? "";
        var path =
            Uri.TryCreate(url, UriKind.Absolute, out var absolute)
            && absolute.Scheme.StartsWith("http", StringComparison.Ordinal)
                ? absolute.AbsolutePath
                : url;
        return path.TrimEnd('/');
    }

    private Tool Read(string path, string method, JsonObject item, JsonObject operation)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        var definitions = new JsonObject();
        var parameters = new List<ToolParameter>();
        foreach (var parameter in ParametersOf(item, operation))
        {
            AddParameter(parameter, properties, required, definitions, parameters);
        }

        var body = AddBody(operation, properties, required, definitions);
        var input = new JsonObject
        {
            ["$schema"] = Dialect,
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        if (required.Count > 0)
        {
            input["required"] = required;
        }

        if (definitions.Count > 0)
        {
            input["$defs"] = definitions;
        }

        return new()
        {
            Name = NameOf(operation, method, path),
            Title = Text(operation, "summary"),
            Description = Text(operation, "description") ?? Text(operation, "summary"),
            InputSchema = input,
            OutputSchema = OutputOf(operation),
            Method = method.ToUpperInvariant(),
            PathTemplate = path,
            Parameters = parameters,
            Body = body,
        };
    }

    // Those of the operation take the place of the path's with the same name.
    private IEnumerable<JsonObject> ParametersOf(JsonObject item, JsonObject operation) =>
        new[] { operation, item }
            .SelectMany(o => o["parameters"] as JsonArray ?? [])
            .Select(_schemas.Resolve)
            .OfType<JsonObject>()
            .DistinctBy(p => (Text(p, "name"), Text(p, "in")));

    private void AddParameter(
        JsonObject parameter,
        JsonObject properties,
        JsonArray required,
        JsonObject definitions,
        List<ToolParameter> parameters
    )
    {
        ParameterPlace? place = Text(parameter, "in") switch
        {
            "path" => ParameterPlace.Path,
            "query" => ParameterPlace.Query,
            "header" => ParameterPlace.Header,
            _ => null,
        };
        // Cookies are a browser's, and a body of Swagger 2.0 is read as one.
        if (place is not { } known || Text(parameter, "name") is not { } name)
        {
            return;
        }

        var argument = properties.ContainsKey(name) ? $"{Text(parameter, "in")}_{name}" : name;
        var schema = _schemas.Copy(parameter["schema"] ?? Swagger(parameter), definitions);
        if (schema is JsonObject described && Text(parameter, "description") is { } description)
        {
            described["description"] ??= description;
        }

        properties[argument] = schema;
        if (known == ParameterPlace.Path || IsTrue(parameter, "required"))
        {
            required.Add(argument);
        }

        parameters.Add(
            new(
                argument,
                name,
                known,
                known == ParameterPlace.Query && !IsFalse(parameter, "explode")
            )
        );
    }

    // In Swagger 2.0 the schema's words stand in the parameter itself.
    private static JsonObject Swagger(JsonObject parameter) =>
        new(
            parameter
                .Where(p =>
                    p.Key
                        is not (
                            "name"
                            or "in"
                            or "required"
                            or "collectionFormat"
                            or "allowEmptyValue"
                        )
                )
                .Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))
        );

    private string? AddBody(
        JsonObject operation,
        JsonObject properties,
        JsonArray required,
        JsonObject definitions
    )
    {
        var body = _schemas.Resolve(operation["requestBody"]);
        var swagger = (operation["parameters"] as JsonArray ?? [])
            .Select(_schemas.Resolve)
            .FirstOrDefault(p => Text(p, "in") == "body");
        var schema = body is not null ? JsonSchemaOf(body["content"]) : swagger?["schema"];
        if (schema is null)
        {
            return null;
        }

        var argument = properties.ContainsKey("body") ? "request_body" : "body";
        properties[argument] = _schemas.Copy(schema, definitions);
        if (IsTrue(body ?? swagger!, "required"))
        {
            required.Add(argument);
        }

        return argument;
    }

    private JsonObject? OutputOf(JsonObject operation)
    {
        var responses = operation["responses"] as JsonObject;
        var success = responses?.FirstOrDefault(r => r.Key.StartsWith('2')).Value;
        var response = _schemas.Resolve(success);
        var schema = JsonSchemaOf(response?["content"]) ?? response?["schema"];
        // The protocol takes objects only.
        if (_schemas.Resolve(schema) is not { } resolved || Text(resolved, "type") != "object")
        {
            return null;
        }

        var definitions = new JsonObject();
        var copy = (JsonObject)_schemas.Copy(resolved, definitions);
        if (definitions.Count > 0)
        {
            copy["$defs"] = definitions;
        }

        return copy;
    }

    private static JsonNode? JsonSchemaOf(JsonNode? content) =>
        (content as JsonObject)
            ?.FirstOrDefault(c =>
                c.Key.Split(';')[0].Trim() is "application/json" or "*/*"
                || c.Key.Split(';')[0].EndsWith("+json", StringComparison.Ordinal)
            )
            .Value?["schema"];

    private string NameOf(JsonObject operation, string method, string path)
    {
        var wanted = Text(operation, "operationId") ?? $"{method}_{path}";
        var name = new StringBuilder();
        foreach (var character in wanted)
        {
            if (char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
            {
                name.Append(character);
            }
            else if (name.Length > 0 && name[^1] != '_')
            {
                name.Append('_');
            }
        }

        var root = name.ToString().Trim('_');
        root = root.Length == 0 ? method : root[..Math.Min(root.Length, MaxName)];
        var unique = root;
        for (var i = 2; !_names.Add(unique); i++)
        {
            var tail = $"_{i}";
            unique = root[..Math.Min(root.Length, MaxName - tail.Length)] + tail;
        }

        return unique;
    }

    private static string? Text(JsonObject? from, string name) =>
        from?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static bool IsTrue(JsonObject from, string name) =>
        from[name]?.GetValueKind() == System.Text.Json.JsonValueKind.True;

    private static bool IsFalse(JsonObject from, string name) =>
        from[name]?.GetValueKind() == System.Text.Json.JsonValueKind.False;
}
