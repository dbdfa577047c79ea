using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats;

/// <summary>Anthropic's <c>cache_control</c>, which several OpenAI-compatible servers take as well.</summary>
internal static class CacheMarks
{
    public static CacheMark? Read(RequestFields fields) =>
        fields.Object("cache_control") is { } mark ? new(mark.Text("ttl") == "1h") : null;

    public static void WriteMark(this Utf8JsonWriter json, CacheMark? mark)
    {
        if (mark is null)
        {
            return;
        }

        json.WriteStartObject("cache_control"u8);
        json.WriteString("type"u8, "ephemeral"u8);
        if (mark.OneHour)
        {
            json.WriteString("ttl"u8, "1h"u8);
        }

        json.WriteEndObject();
    }
}
