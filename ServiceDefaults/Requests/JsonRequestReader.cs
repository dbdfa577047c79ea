using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>
/// Reads JSON into a type and reports everything that is wrong with it, not just the first thing: it walks the
/// tokens beside the serializer's own description of the type, and lets the serializer make the object only if
/// nothing was found.
/// </summary>
/// <remarks>
/// Elements of lists and values of dictionaries must not be null unless their type is a nullable value type: the
/// serializer does not know the annotations of type arguments, and a null in a list that has none would surface
/// as an unexpected error later.
/// </remarks>
internal sealed class JsonRequestReader(
    JsonSerializerOptions options,
    RequestViolations violations,
    JsonPlace place,
    IServiceProvider services
)
{
    private readonly JsonAnnotations _annotations = new(options, violations, place, services);

    public T? Read<T>(ReadOnlySpan<byte> json)
    {
        var type = options.GetTypeInfo(typeof(T));
        if (!JsonForm.Check(json, violations, place.Root))
        {
            return default;
        }

        var before = violations.Count;
        var reader = new Utf8JsonReader(json, new() { MaxDepth = RestJson.MaxDepth });
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            violations.Add(place.Root, "required", "Give a value here; null is none.");
            return default;
        }

        ReadValue(json, ref reader, type, place.Root);
        if (violations.Count > before)
        {
            return default;
        }

        return TryMake(json, type, place.Root, out var value) ? (T?)value : default;
    }

    // The reader is on the value's first token, and afterwards on its last.
    private void ReadValue(
        ReadOnlySpan<byte> json,
        ref Utf8JsonReader reader,
        JsonTypeInfo type,
        string at
    )
    {
        if (violations.IsFull)
        {
            reader.Skip();
            return;
        }

        type = WithoutNullable(type);
        var opening = type.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => JsonTokenType.StartObject,
            JsonTypeInfoKind.Enumerable => JsonTokenType.StartArray,
            _ => JsonTokenType.None,
        };
        if (opening != JsonTokenType.None && opening != reader.TokenType)
        {
            violations.Add(at, "wrong_type", $"Must be {Expectations.Of(type)}.");
            reader.Skip();
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                ReadObject(json, ref reader, type, at);
                break;
            case JsonTypeInfoKind.Dictionary:
                ReadDictionary(json, ref reader, type, at);
                break;
            case JsonTypeInfoKind.Enumerable:
                ReadList(json, ref reader, type, at);
                break;
            default:
                TryMake(Slice(json, ref reader), type, at, out _);
                break;
        }
    }

    private void ReadObject(
        ReadOnlySpan<byte> json,
        ref Utf8JsonReader reader,
        JsonTypeInfo declared,
        string at
    )
    {
        var before = violations.Count;
        var start = (int)reader.TokenStartIndex;
        if (!JsonVariants.TryFind(reader, declared, place, at, violations, out var type))
        {
            reader.Skip();
            return;
        }

        var rules = ObjectRules.Of(type);
        var discriminator = declared.PolymorphismOptions?.TypeDiscriminatorPropertyName;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var child = place.Child(at, name);
            reader.Read();
            if (!seen.Add(name))
            {
                violations.Add(child, "duplicate", "This property is there more than once.");
                reader.Skip();
            }
            else if (rules.Find(name) is { } rule)
            {
                ReadProperty(json, ref reader, rule, child);
            }
            else
            {
                if (!rules.TakesUnknown && name != discriminator)
                {
                    AddUnknown(child, name, rules);
                }

                reader.Skip();
            }
        }

        foreach (var rule in rules.Properties.Where(r => r.Required && !seen.Contains(r.Name)))
        {
            violations.Add(
                place.Child(at, rule.Name),
                "required",
                $"Must be given: {Expectations.Of(WithoutNullable(rule.Type))}."
            );
        }

        // An object that judges itself must be whole first.
        if (
            violations.Count == before
            && type.Type.IsAssignableTo(typeof(IValidatableObject))
            && TryMake(json[start..(int)reader.BytesConsumed], declared, at, out var made)
        )
        {
            _annotations.Ask((IValidatableObject)made!, at);
        }
    }

    private void AddUnknown(string at, string name, ObjectRules rules)
    {
        if (!violations.IsFull)
        {
            var known = rules.Properties.Select(r => r.Name);
            violations.Add(
                at,
                "unknown_property",
                Names.Suggest("There is no such property here.", name, known)
            );
        }
    }

    private void ReadProperty(
        ReadOnlySpan<byte> json,
        ref Utf8JsonReader reader,
        PropertyRule rule,
        string at
    )
    {
        if (reader.TokenType == JsonTokenType.Null && !TakesAnything(rule.Type))
        {
            if (!rule.Nullable)
            {
                AddNull(at, rule.Type);
            }

            return;
        }

        var before = violations.Count;
        var start = (int)reader.TokenStartIndex;
        ReadValue(json, ref reader, rule.Type, at);
        if (violations.Count > before || rule.Attributes.Length == 0)
        {
            return;
        }

        var slice = json[start..(int)reader.BytesConsumed];
        if (TryMake(slice, rule.Type, at, out var value))
        {
            _annotations.Ask(rule, value, at);
        }
    }

    private void ReadDictionary(
        ReadOnlySpan<byte> json,
        ref Utf8JsonReader reader,
        JsonTypeInfo type,
        string at
    )
    {
        var element = options.GetTypeInfo(type.ElementType!);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var child = place.Child(at, name);
            reader.Read();
            if (seen.Add(name))
            {
                ReadElement(json, ref reader, element, child);
            }
            else
            {
                violations.Add(child, "duplicate", "This key is there more than once.");
                reader.Skip();
            }
        }
    }

    private void ReadList(
        ReadOnlySpan<byte> json,
        ref Utf8JsonReader reader,
        JsonTypeInfo type,
        string at
    )
    {
        var element = options.GetTypeInfo(type.ElementType!);
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            var child = place.Child(at, i.ToString(CultureInfo.InvariantCulture));
            ReadElement(json, ref reader, element, child);
        }
    }

    private void ReadElement(
        ReadOnlySpan<byte> json,
        ref Utf8JsonReader reader,
        JsonTypeInfo type,
        string at
    )
    {
        if (reader.TokenType != JsonTokenType.Null || TakesAnything(type))
        {
            ReadValue(json, ref reader, type, at);
        }
        else if (Nullable.GetUnderlyingType(type.Type) is null)
        {
            AddNull(at, type);
        }
    }

    private void AddNull(string at, JsonTypeInfo type) =>
        violations.Add(
            at,
            "null",
            $"Must not be null, but {Expectations.Of(WithoutNullable(type))}."
        );

    private bool TryMake(ReadOnlySpan<byte> json, JsonTypeInfo type, string at, out object? value)
    {
        try
        {
            value = JsonSerializer.Deserialize(json, type);
            return true;
        }
        catch (JsonViolationException e)
        {
            violations.Add(at, e.Code, e.Message);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            violations.Add(at, "wrong_type", $"Must be {Expectations.Of(type)}.");
        }

        value = null;
        return false;
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private JsonTypeInfo WithoutNullable(JsonTypeInfo type) =>
        Nullable.GetUnderlyingType(type.Type) is { } underlying
            ? options.GetTypeInfo(underlying)
            : type;

    // JsonElement, JsonNode and object hold JSON of any form, null included.
    private static bool TakesAnything(JsonTypeInfo type) =>
        type.Type == typeof(JsonElement) || type.Type == typeof(object);
}
