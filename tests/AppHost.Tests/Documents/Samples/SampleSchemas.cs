using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Documents.Plain;

namespace ApiSvc.AppHost.Tests.Documents.Samples;

/// <summary>Brings schemas into one form: without references at their top, and without combinations.</summary>
internal static class SampleSchemas
{
    // Deeper than authors combine on purpose.
    private const int Deepest = 12;

    /// <returns>Null where they go in a circle, or allow nothing.</returns>
    public static JsonElement? Flatten(PlainDocument document, JsonElement schema, int depth = 0)
    {
        if (depth > Deepest)
        {
            return null;
        }

        schema = document.Follow(schema);
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return schema.ValueKind == JsonValueKind.True ? PlainJson.Anything : null;
        }

        var parts = schema
            .ItemsOf("allOf")
            .Concat(schema.ItemsOf("oneOf").Take(1))
            .Concat(schema.ItemsOf("anyOf").Take(1))
            .ToList();
        if (parts.Count == 0)
        {
            return schema;
        }

        var whole = JsonNode.Parse(schema.GetRawText())!.AsObject();
        foreach (var combination in (string[])["allOf", "oneOf", "anyOf"])
        {
            whole.Remove(combination);
        }

        foreach (var part in parts)
        {
            if (Flatten(document, part, depth + 1) is not { } flat)
            {
                return null;
            }

            Add(whole, flat);
        }

        return JsonSerializer.SerializeToElement(whole);
    }

    /// <summary>The type, also where it can be concluded only; the first but <c>null</c> of several.</summary>
    public static string TypeOf(JsonElement schema)
    {
        var type = schema.TextOf("type");
        if (type.Length == 0)
        {
            type =
                schema.ItemsOf("type").Select(t => t.GetString()!).FirstOrDefault(t => t != "null")
                ?? "";
        }

        return type.Length > 0 ? type
            : schema.TryGetProperty("properties", out _) ? "object"
            : schema.TryGetProperty("items", out _) ? "array"
            : "string";
    }

    private static void Add(JsonObject whole, JsonElement part)
    {
        foreach (var field in part.EnumerateObject())
        {
            var value = JsonNode.Parse(field.Value.GetRawText());
            switch (field.Name, whole[field.Name], value)
            {
                case ("required", JsonArray known, JsonArray more):
                    foreach (var name in more.Select(n => (string)n!))
                    {
                        known.Add(name);
                    }

                    break;
                case ("properties", JsonObject known, JsonObject more):
                    foreach (var (name, property) in more)
                    {
                        known.TryAdd(name, property?.DeepClone());
                    }

                    break;
                default:
                    whole.TryAdd(field.Name, value);
                    break;
            }
        }
    }
}
