using System.Text.Json;
using System.Text.Json.Serialization;

namespace ApiSvc.AiAdapter.Outcomes;

/// <summary>The form of what is kept as JSON in a column. Lenient in reading: a later build may have written more.</summary>
internal static class Stored
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Form);

    /// <summary>A word of a column; null: of a later build, which this one does not know.</summary>
    public static T? Word<T>(string word)
        where T : struct, Enum => Enum.TryParse<T>(word, out var known) ? known : null;

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Form)!;
}
