using System.Buffers;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>Writes a query string as the JSON object that it means, so that one reader judges both.</summary>
internal static class QueryJson
{
    public static ReadOnlyMemory<byte> Write(
        IQueryCollection query,
        JsonTypeInfo type,
        RequestViolations violations
    )
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (var rule in ObjectRules.Of(type).Properties)
        {
            var values = query[rule.Name];
            if (values.Count == 0)
            {
                continue;
            }

            writer.WritePropertyName(rule.Name);
            if (rule.Type.Kind == JsonTypeInfoKind.Enumerable)
            {
                WriteList(writer, rule.Type.ElementType!, values);
                continue;
            }

            if (values.Count > 1)
            {
                violations.Add($"query:{rule.Name}", "duplicate", "Give this parameter once.");
            }

            WriteScalar(writer, rule.Type.Type, values[0] ?? "");
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    public static RequestParameter Describe(PropertyRule rule)
    {
        var attributes = rule.Property.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [];
        var range = rule.Attributes.OfType<RangeAttribute>().FirstOrDefault();
        return new(RequestParameterPlace.Query, rule.Name, rule.Type.Type)
        {
            Required = rule.Required,
            Description = attributes.OfType<DescriptionAttribute>().FirstOrDefault()?.Description,
            Minimum = range?.Minimum as int?,
            Maximum = range?.Maximum as int?,
        };
    }

    private static void WriteList(Utf8JsonWriter writer, Type element, IEnumerable<string?> values)
    {
        writer.WriteStartArray();
        foreach (var value in values)
        {
            WriteScalar(writer, element, value ?? "");
        }

        writer.WriteEndArray();
    }

    // What does not look like its type goes as a string: the reader then says what was expected.
    private static void WriteScalar(Utf8JsonWriter writer, Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Expectations.IsNumber(type) && IsJsonNumber(text))
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        else if (type == typeof(bool) && text is ("true" or "false"))
        {
            writer.WriteBooleanValue(text == "true");
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private static bool IsJsonNumber(string text)
    {
        if (text.Length is 0 or > 64 || !(char.IsAsciiDigit(text[0]) || text[0] == '-'))
        {
            return false;
        }

        try
        {
            using var parsed = JsonDocument.Parse(text);
            return parsed.RootElement.ValueKind == JsonValueKind.Number;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
