using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Anthropic's counts: what was read from or written to a cache comes on top of the input there.</summary>
internal static class MessagesUsage
{
    /// <summary>Reads counts over those before: a stream's later ones leave out what does not change.</summary>
    public static Usage Read(JsonElement usage, Usage before)
    {
        var uncached =
            usage.Child("input_tokens")?.Long()
            ?? before.Input - before.CachedInput - before.CacheWrites;
        var cached = usage.Child("cache_read_input_tokens")?.Long() ?? before.CachedInput;
        var written = usage.Child("cache_creation_input_tokens")?.Long() ?? before.CacheWrites;
        var hour =
            usage.Child("cache_creation")?.Long("ephemeral_1h_input_tokens")
            ?? before.CacheWrite1Hour;
        hour = Math.Min(hour, written);
        return before with
        {
            Input = uncached + cached + written,
            CachedInput = cached,
            CacheWrite1Hour = hour,
            CacheWrite5Minutes = written - hour,
            Output = usage.Child("output_tokens")?.Long() ?? before.Output,
            Reasoning =
                usage.Child("output_tokens_details")?.Long("thinking_tokens") ?? before.Reasoning,
            WebSearches =
                usage.Child("server_tool_use")?.Long("web_search_requests") ?? before.WebSearches,
            Tier = (usage.Text("speed") ?? usage.Text("service_tier")) is { } tier
                ? Formats.Tiers.Read(tier)
                : before.Tier,
        };
    }

    public static void Write(Utf8JsonWriter json, in Usage usage, bool all)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, usage.Input - usage.CachedInput - usage.CacheWrites);
        json.WriteNumber("cache_creation_input_tokens"u8, usage.CacheWrites);
        json.WriteNumber("cache_read_input_tokens"u8, usage.CachedInput);
        json.WriteStartObject("cache_creation"u8);
        json.WriteNumber("ephemeral_5m_input_tokens"u8, usage.CacheWrite5Minutes);
        json.WriteNumber("ephemeral_1h_input_tokens"u8, usage.CacheWrite1Hour);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.Output);
        if (all)
        {
            json.WriteStartObject("output_tokens_details"u8);
            json.WriteNumber("thinking_tokens"u8, usage.Reasoning);
            json.WriteEndObject();
            json.WriteNull("server_tool_use"u8);
            json.WriteNull("service_tier"u8);
            json.WriteNull("inference_geo"u8);
            json.WriteNull("speed"u8);
        }

        json.WriteEndObject();
    }
}
