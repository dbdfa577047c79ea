using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>How thinking is asked for: OpenAI's field, and those of compatible providers.</summary>
internal static class ChatThinking
{
    public static void Write(
        Utf8JsonWriter json,
        RequestWriting writing,
        Quirks quirks,
        Effort effort,
        long? budget
    )
    {
        var nearest = writing.Traits.Nearest(effort);
        switch (quirks.Thinking)
        {
            case ThinkingSwitch.Typed:
                json.WriteStartObject("thinking"u8);
                json.WriteString("type"u8, effort == Effort.None ? "disabled"u8 : "enabled"u8);
                json.WriteEndObject();
                break;
            case ThinkingSwitch.Flag:
                json.WriteBoolean("enable_thinking"u8, effort != Effort.None);
                if (effort != Effort.None)
                {
                    json.WriteNumber("thinking_budget"u8, budget ?? Efforts.Budget(effort));
                }

                return;
            case ThinkingSwitch.Reasoning:
                json.WriteStartObject("reasoning"u8);
                if (budget is { } tokens)
                {
                    json.WriteNumber("max_tokens"u8, tokens);
                }
                else
                {
                    json.WriteString("effort"u8, Efforts.Word(effort));
                }

                json.WriteEndObject();
                return;
            case ThinkingSwitch.Template:
                json.WriteStartObject("chat_template_kwargs"u8);
                json.WriteBoolean("enable_thinking"u8, effort != Effort.None);
                json.WriteEndObject();
                return;
            default:
                break;
        }

        if (!quirks.NoReasoningEffort && nearest is { } word)
        {
            json.WriteString("reasoning_effort"u8, Efforts.Word(word));
        }
    }
}
