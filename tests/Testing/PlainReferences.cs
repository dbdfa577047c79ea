using System.Globalization;
using System.Text.Json;

namespace ApiSvc.Testing;

/// <summary>References within a JSON document (RFC 6901 section 6), followed by the platform's reader alone.</summary>
public static class PlainReferences
{
    private const int LongestChain = 20;

    /// <summary>The element itself, or what its <c>$ref</c> names in the end.</summary>
    /// <param name="root">The document.</param>
    /// <param name="element">Within it.</param>
    /// <exception cref="KeyNotFoundException">A reference names nothing, or they go in a circle.</exception>
    public static JsonElement Follow(JsonElement root, JsonElement element)
    {
        for (var i = 0; i < LongestChain; i++)
        {
            if (
                element.ValueKind != JsonValueKind.Object
                || !element.TryGetProperty("$ref", out var reference)
                || reference.ValueKind != JsonValueKind.String
            )
            {
                return element;
            }

            element = Uri.UnescapeDataString(reference.GetString()!)
                .Split('/')
                .Skip(1)
                .Aggregate(root, Step);
        }

        throw new KeyNotFoundException($"References go in a circle at {element}.");
    }

    private static JsonElement Step(JsonElement at, string segment) =>
        at.ValueKind == JsonValueKind.Array
            ? at[int.Parse(segment, CultureInfo.InvariantCulture)]
            : at.GetProperty(
                segment
                    .Replace("~1", "/", StringComparison.Ordinal)
                    .Replace("~0", "~", StringComparison.Ordinal)
            );
}
