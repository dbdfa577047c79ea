using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>Counts of Responses: as in Chat Completions, under other names.</summary>
internal static class ResponsesUsage
{
    public static Usage Read(JsonElement usage, string? tier)
    {
        var input = usage.Child("input_tokens_details") ?? default;
        var output = usage.Child("output_tokens_details") ?? default;
        return new()
        {
            Input = usage.Long("input_tokens"),
            CachedInput = input.Long("cached_tokens"),
            CacheWrite5Minutes = input.Long("cache_write_tokens"),
            ImageInput = input.Long("image_tokens"),
            Output = usage.Long("output_tokens"),
            Reasoning = output.Long("reasoning_tokens"),
            ImageOutput = output.Long("image_tokens"),
            Tier = Tiers.Read(tier),
        };
    }

    public static void Write(Utf8JsonWriter json, in Usage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, usage.Input);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedInput);
        json.WriteNumber("cache_write_tokens"u8, usage.CacheWrites);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.Output);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, usage.Total);
        json.WriteEndObject();
    }
}
