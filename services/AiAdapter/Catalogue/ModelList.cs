using System.Text.Json;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>Answers to <c>GET /v1/models</c>, in OpenAI's form and in Anthropic's.</summary>
internal static class ModelList
{
    /// <param name="models">The names a client may use, with what the catalogue knows of each.</param>
    /// <param name="created">The time that stands for when they came: the catalogue has none.</param>
    public static byte[] OpenAi(
        IEnumerable<(string Name, Model? Model)> models,
        DateTimeOffset created
    ) =>
        Write(json =>
        {
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var (name, model) in models)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, name);
                json.WriteString("object"u8, "model"u8);
                json.WriteNumber("created"u8, created.ToUnixTimeSeconds());
                json.WriteString("owned_by"u8, model?.Provider ?? "apisvc");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    public static byte[] Anthropic(
        IEnumerable<(string Name, Model? Model)> models,
        DateTimeOffset created
    ) =>
        Write(json =>
        {
            string? first = null;
            string? last = null;
            json.WriteStartArray("data"u8);
            foreach (var (name, model) in models)
            {
                first ??= name;
                last = name;
                json.WriteStartObject();
                json.WriteString("type"u8, "model"u8);
                json.WriteString("id"u8, name);
                json.WriteString("display_name"u8, name);
                json.WriteString("created_at"u8, created.UtcDateTime);
                if (model?.ContextTokens is { } context)
                {
                    json.WriteNumber("max_input_tokens"u8, context);
                }

                if (model?.MaxOutputTokens is { } most)
                {
                    json.WriteNumber("max_tokens"u8, most);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBoolean("has_more"u8, value: false);
            json.WriteString("first_id"u8, first);
            json.WriteString("last_id"u8, last);
        });

    private static byte[] Write(Action<Utf8JsonWriter> body)
    {
        using var bytes = new PooledBuffer(4096);
        using (var json = new Utf8JsonWriter(bytes, JsonText.Writing))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        return bytes.Span.ToArray();
    }
}
