using System.Text.Json;
using System.Text.Json.Serialization;

namespace ApiSvc.Catalog.Outcomes;

/// <summary>The form of what is kept as JSON in a column. Lenient in reading: a later build may have written more.</summary>
internal static class Stored
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Form);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Form)!;
}
