using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Counts of Chat Completions and its relatives: cached and reasoning tokens are inside the totals.</summary>
internal static class ChatUsage
{
    public static Usage Read(JsonElement usage, string? tier = null)
    {
        var input = usage.Child("prompt_tokens_details") ?? default;
        var output = usage.Child("completion_tokens_details") ?? default;

        // DeepSeek says prompt_cache_hit_tokens, Moonshot cached_tokens beside the totals.
        var cached = input.Long("cached_tokens");
        if (cached == 0)
        {
            cached = Math.Max(usage.Long("prompt_cache_hit_tokens"), usage.Long("cached_tokens"));
        }

        return new()
        {
            Input = usage.Long("prompt_tokens"),
            CachedInput = cached,
            CacheWrite5Minutes = input.Long("cache_write_tokens"),
            AudioInput = input.Long("audio_tokens"),
            ImageInput = input.Long("image_tokens"),
            Output = usage.Long("completion_tokens"),
            Reasoning = output.Long("reasoning_tokens"),
            AudioOutput = output.Long("audio_tokens"),
            ImageOutput = output.Long("image_tokens"),
            Tier = Tiers.Read(tier),
        };
    }

    public static void Write(Utf8JsonWriter json, in Usage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.Input);
        json.WriteNumber("completion_tokens"u8, usage.Output);
        json.WriteNumber("total_tokens"u8, usage.Total);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedInput);
        json.WriteNumber("cache_write_tokens"u8, usage.CacheWrites);
        json.WriteNumber("audio_tokens"u8, usage.AudioInput);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        json.WriteNumber("audio_tokens"u8, usage.AudioOutput);
        json.WriteNumber("accepted_prediction_tokens"u8, 0);
        json.WriteNumber("rejected_prediction_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
