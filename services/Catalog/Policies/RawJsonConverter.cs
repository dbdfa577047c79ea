using System.Text.Json;
using System.Text.Json.Serialization;

namespace ApiSvc.Catalog.Policies;

/// <summary>A string that holds JSON, written as that JSON.</summary>
internal sealed class RawJsonConverter : JsonConverter<string>
{
    public override string Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    )
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.GetRawText();
    }

    public override void Write(
        Utf8JsonWriter writer,
        string value,
        JsonSerializerOptions options
    ) => writer.WriteRawValue(value);
}
