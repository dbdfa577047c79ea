using System.Text.Json.Nodes;

namespace ApiSvc.AiAdapter.Mcp.Tools;

/// <summary>
/// Schemas of a document as JSON Schema that stands alone: what they refer to comes with them, under <c>$defs</c>, also where it
/// refers to itself.
/// </summary>
internal sealed class SchemaReader(JsonObject document)
{
    // Those of OpenAPI 3 and of Swagger 2.
    private static readonly string[] Places = ["#/components/schemas/", "#/definitions/"];

    // Words of OpenAPI that JSON Schema does not have.
    private static readonly HashSet<string> Foreign =
    [
        "discriminator",
        "xml",
        "externalDocs",
        "example",
        "nullable",
    ];

    /// <summary>Copies a schema, and collects what it refers to.</summary>
    /// <param name="definitions">Gets the definitions, each once.</param>
    public JsonNode Copy(JsonNode? schema, JsonObject definitions) =>
        schema switch
        {
            JsonObject one => CopyObject(one, definitions),
            JsonArray many => new JsonArray([.. many.Select(item => Copy(item, definitions))]),
            null => JsonValue.Create(true),
            _ => schema.DeepClone(),
        };

    /// <summary>What a reference leads to; the node itself where it is none.</summary>
    public JsonObject? Resolve(JsonNode? node)
    {
        // A reference to a reference, and no further: documents that lead in circles lead nowhere.
        for (var i = 0; i < 10; i++)
        {
            if (node is not JsonObject found)
            {
                return null;
            }

            if ((string?)Value(found, "$ref") is not { } reference)
            {
                return found;
            }

            node = Follow(reference);
        }

        return null;
    }

    private static JsonValue? Value(JsonObject from, string name) =>
        from[name] is JsonValue value && value.TryGetValue<string>(out _) ? value : null;

    private JsonObject CopyObject(JsonObject schema, JsonObject definitions)
    {
        if ((string?)Value(schema, "$ref") is { } reference)
        {
            return new() { ["$ref"] = Define(reference, definitions) };
        }

        var copy = new JsonObject();
        foreach (var (name, value) in schema)
        {
            if (Foreign.Contains(name) || name.StartsWith("x-", StringComparison.Ordinal))
            {
                continue;
            }

            copy[name] = name switch
            {
                // Names of properties are no keywords.
                "properties" or "patternProperties" or "$defs" when value is JsonObject named =>
                    new JsonObject(
                        named.Select(p =>
                            KeyValuePair.Create(p.Key, (JsonNode?)Copy(p.Value, definitions))
                        )
                    ),
                "enum" or "const" or "default" or "examples" or "required" => value?.DeepClone(),
                // OpenAPI 3.0: a flag beside the limit that it is about.
                "exclusiveMinimum"
                or "exclusiveMaximum"
                    when value?.GetValueKind()
                        is System.Text.Json.JsonValueKind.True
                            or System.Text.Json.JsonValueKind.False => null,
                _ => value is JsonObject or JsonArray
                    ? Copy(value, definitions)
                    : value?.DeepClone(),
            };
            if (copy[name] is null && value is not null)
            {
                copy.Remove(name);
            }
        }

        AllowNull(schema, copy);
        return copy;
    }

    // OpenAPI 3.0 says null by a flag.
    private static void AllowNull(JsonObject schema, JsonObject copy)
    {
        if (
            schema["nullable"]?.GetValueKind() == System.Text.Json.JsonValueKind.True
            && (string?)Value(copy, "type") is { } type
        )
        {
            copy["type"] = new JsonArray(type, "null");
        }
    }

    private string Define(string reference, JsonObject definitions)
    {
        var name = Array.Find(Places, p => reference.StartsWith(p, StringComparison.Ordinal))
            is { } place
            ? reference[place.Length..]
            : reference.Replace('/', '_').Replace('#', '_');
        var key = name.Replace("~1", "/").Replace("~0", "~").Replace('/', '_');
        if (!definitions.ContainsKey(key))
        {
            // First, so that what refers to itself ends.
            definitions[key] = new JsonObject();
            definitions[key] = Copy(Follow(reference), definitions);
        }

        return $"#/$defs/{key}";
    }

    // RFC 6901, within the document.
    private JsonNode? Follow(string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }

        JsonNode? at = document;
        foreach (var part in reference[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/").Replace("~0", "~");
            at = (at as JsonObject)?[name];
        }

        return at;
    }
}
