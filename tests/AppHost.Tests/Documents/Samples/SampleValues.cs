using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Documents.Plain;

namespace ApiSvc.AppHost.Tests.Documents.Samples;

/// <summary>Values that a schema allows: what it requires, and little else.</summary>
/// <param name="document">Where references lead.</param>
/// <param name="place"><c>path</c>, <c>query</c>, <c>header</c>, <c>cookie</c> or <c>body</c>.</param>
internal sealed class SampleValues(PlainDocument document, string place)
{
    private const int Deepest = 16;
    private const int OptionalProperties = 2;

    private readonly SampleTexts _texts = new(place);
    private int _made;

    /// <returns>False where no value is known to be allowed.</returns>
    public bool TryMake(JsonElement schema, out JsonNode? value, int depth = 0)
    {
        value = null;
        if (depth > Deepest || SampleSchemas.Flatten(document, schema) is not { } flat)
        {
            return false;
        }

        if (flat.TryGetProperty("const", out var constant))
        {
            value = JsonNode.Parse(constant.GetRawText());
            return true;
        }

        var choices = flat.ItemsOf("enum").Where(c => c.ValueKind != JsonValueKind.Null).ToList();
        if (choices.Count > 0)
        {
            value = JsonNode.Parse(choices[_made++ % choices.Count].GetRawText());
            return place != "path" || value!.ToString().Length > 0;
        }

        switch (SampleSchemas.TypeOf(flat))
        {
            case "boolean":
                value = _made++ % 2 == 0;
                return true;
            case "integer":
                return TryNumber(flat, 7, out value);
            case "number":
                return TryNumber(flat, 0.5m, out value);
            case "array":
                return TryList(flat, depth, out value);
            case "object":
                return TryObject(flat, depth, out value);
            case "string" when _texts.TryMake(flat, out var text):
                value = text;
                return true;
            default:
                return false;
        }
    }

    private bool TryNumber(JsonElement schema, decimal wanted, out JsonNode? value)
    {
        var low =
            schema.NumberOf("minimum")
            ?? (schema.NumberOf("exclusiveMinimum") + 1)
            ?? decimal.MinValue;
        var high =
            schema.NumberOf("maximum")
            ?? (schema.NumberOf("exclusiveMaximum") - 1)
            ?? decimal.MaxValue;
        low += schema.IsTrue("exclusiveMinimum") ? 1 : 0;
        high -= schema.IsTrue("exclusiveMaximum") ? 1 : 0;
        low = Math.Ceiling(low);
        var number = Math.Min(Math.Max(wanted + (_made++ % 5), low), high);
        if (schema.NumberOf("multipleOf") is { } step and > 0)
        {
            number = Math.Ceiling(number / step) * step;
        }

        value = number;
        return number >= low && number <= high;
    }

    private bool TryList(JsonElement schema, int depth, out JsonNode? value)
    {
        var items = schema.TryGetProperty("items", out var given) ? given : PlainJson.Anything;
        var list = new JsonArray();
        value = list;
        var length = Math.Max(
            (int)(schema.NumberOf("minItems") ?? 0),
            depth == 0 ? (int)Math.Min(schema.NumberOf("maxItems") ?? 2, 2) : 1
        );
        for (var i = 0; i < length; i++)
        {
            if (TryMake(items, out var item, depth + 1))
            {
                list.Add(item);
            }
            else
            {
                // An empty list is one too, where nothing says otherwise.
                list.Clear();
                return !schema.TryGetProperty("minItems", out _) && depth > 0;
            }
        }

        return !schema.IsTrue("uniqueItems")
            || list.DistinctBy(i => i?.ToJsonString()).Count() == list.Count;
    }

    private bool TryObject(JsonElement schema, int depth, out JsonNode? value)
    {
        var made = new JsonObject();
        value = made;
        var required = schema
            .ItemsOf("required")
            .Select(name => name.GetString()!)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var properties = schema
            .PropertiesOf("properties")
            .DistinctBy(p => p.Name)
            .ToDictionary(p => p.Name, p => p.Value);
        foreach (var name in required)
        {
            var property = properties.GetValueOrDefault(name, PlainJson.Anything);
            if (IsOfAnswers(property))
            {
                continue;
            }

            if (!TryMake(property, out var item, depth + 1))
            {
                return false;
            }

            made[name] = item;
        }

        foreach (var (name, property) in properties.Where(p => !made.ContainsKey(p.Key)))
        {
            if (
                depth == 0
                && made.Count < required.Count + OptionalProperties
                && !IsOfAnswers(property)
                && TryMake(property, out var item, Deepest - 2)
            )
            {
                made[name] = item;
            }
        }

        if (made.Count == 0 && depth == 0 && TryFurther(schema, out var further))
        {
            made["name"] = further;
        }

        return made.Count >= (schema.NumberOf("minProperties") ?? 0);
    }

    // OpenAPI 3.0, "Schema Object": what is readOnly is not sent, and only answers are asked for it.
    private bool IsOfAnswers(JsonElement property) => document.Follow(property).IsTrue("readOnly");

    private bool TryFurther(JsonElement schema, out JsonNode? value)
    {
        if (!schema.TryGetProperty("additionalProperties", out var further))
        {
            further = PlainJson.Anything;
        }

        value = null;
        return further.ValueKind != JsonValueKind.False && TryMake(further, out value, 1);
    }
}
