using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>Reads which variant of a polymorphic type an object is, wherever in it the discriminator stands.</summary>
internal static class JsonVariants
{
    /// <summary>Finds which of a polymorphic type's variants the object says it is.</summary>
    /// <param name="reader">At the start of the object. By value: the caller's stays there.</param>
    public static bool TryFind(
        Utf8JsonReader reader,
        JsonTypeInfo declared,
        JsonPlace place,
        string at,
        RequestViolations violations,
        out JsonTypeInfo variant
    )
    {
        variant = declared;
        if (declared.PolymorphismOptions is not { DerivedTypes.Count: > 0 } polymorphism)
        {
            return true;
        }

        var name = polymorphism.TypeDiscriminatorPropertyName;
        var given = ReadDiscriminator(reader, name);
        foreach (var derived in polymorphism.DerivedTypes)
        {
            if (
                Convert.ToString(derived.TypeDiscriminator, CultureInfo.InvariantCulture) == given
                && given is not null
            )
            {
                variant = declared.Options.GetTypeInfo(derived.DerivedType);
                return true;
            }
        }

        if (given is null && !declared.Type.IsAbstract)
        {
            return true;
        }

        var all = string.Join(", ", polymorphism.DerivedTypes.Select(d => d.TypeDiscriminator));
        violations.Add(
            place.Child(at, name),
            given is null ? "required" : "not_allowed",
            $"Must be one of: {all}."
        );
        return false;
    }

    private static string? ReadDiscriminator(Utf8JsonReader reader, string name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
            {
                return reader.TokenType switch
                {
                    JsonTokenType.String => reader.GetString(),
                    JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                    _ => "",
                };
            }

            reader.Skip();
        }

        return null;
    }
}
