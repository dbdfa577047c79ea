using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ApiSvc.Analytics.Alerts;

/// <summary>
/// JSON in columns and to receivers: camelCase, enums by name, what is absent left out. Lenient in reading: a later build may
/// have written more.
/// </summary>
internal static class AlertJson
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // It is never put into HTML as it is.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Form);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Form)!;
}
