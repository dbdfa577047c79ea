using System.Text.Json;

namespace ApiSvc.AppHost.Tests.Documents.Plain;

/// <summary>Shorthand for looking into JSON.</summary>
internal static class PlainJson
{
    /// <summary>The schema that every value has.</summary>
    public static JsonElement Anything { get; } = JsonElement.Parse("{}");

    public static bool IsSwagger(this JsonElement root) => root.TryGetProperty("swagger", out _);

    public static List<JsonProperty> PropertiesOf(this JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
            ? [.. value.EnumerateObject()]
            : [];

    public static List<JsonElement> ItemsOf(this JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray()]
            : [];

    public static string TextOf(this JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    public static bool IsTrue(this JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object
        && owner.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.True;

    public static decimal? NumberOf(this JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDecimal(out var number)
            ? number
            : null;

    public static JsonElement SchemaOrAny(this JsonElement owner) =>
        owner.TryGetProperty("schema", out var schema) ? schema : Anything;
}
