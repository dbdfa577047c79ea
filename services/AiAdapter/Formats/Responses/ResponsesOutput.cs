using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>Writes response objects and their output items.</summary>
internal static class ResponsesOutput
{
    public static string Id(AnswerContext context) => $"resp_{context.CallId}";

    public static string ItemId(AnswerContext context, BlockKind kind, int index)
    {
        var prefix = kind switch
        {
            BlockKind.Reasoning => "rs",
            BlockKind.ToolUse => "fc",
            BlockKind.Image => "ig",
            _ => "msg",
        };
        return $"{prefix}_{context.CallId}_{index}";
    }

    /// <summary>An output item, whole or as it begins.</summary>
    /// <param name="status">Of items that have one: <c>in_progress</c> or <c>completed</c>.</param>
    public static void Item(Utf8JsonWriter json, AnswerBlock block, string id, string status)
    {
        var done = status != "in_progress";
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        switch (block.Kind)
        {
            case BlockKind.Reasoning:
                json.WriteString("type"u8, "reasoning"u8);
                json.WriteStartArray("summary"u8);
                if (done && block.Text.Length > 0)
                {
                    json.WriteStartObject();
                    json.WriteString("type"u8, "summary_text"u8);
                    json.WriteString("text"u8, block.Text);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteString("encrypted_content"u8, block.Opaque?.ToToken());
                break;
            case BlockKind.ToolUse:
                json.WriteString("type"u8, "function_call"u8);
                json.WriteString("call_id"u8, block.Id);
                json.WriteString("name"u8, block.Name);
                json.WriteString("arguments"u8, done ? block.Text : "");
                break;
            case BlockKind.Image:
                json.WriteString("type"u8, "image_generation_call"u8);
                json.WriteString("output_format"u8, block.Name?.Split('/')[^1]);
                json.WriteString("result"u8, done ? block.Text : null);
                break;
            default:
                json.WriteString("type"u8, "message"u8);
                json.WriteString("role"u8, "assistant"u8);
                json.WriteStartArray("content"u8);
                if (done)
                {
                    Part(json, block.Kind, block.Text);
                }

                json.WriteEndArray();
                break;
        }

        if (block.Kind != BlockKind.Reasoning)
        {
            json.WriteString("status"u8, status);
        }

        json.WriteEndObject();
    }

    public static void Part(Utf8JsonWriter json, BlockKind kind, string text)
    {
        json.WriteStartObject();
        switch (kind)
        {
            case BlockKind.Refusal:
                json.WriteString("type"u8, "refusal"u8);
                json.WriteString("refusal"u8, text);
                break;
            case BlockKind.Reasoning:
                json.WriteString("type"u8, "summary_text"u8);
                json.WriteString("text"u8, text);
                break;
            default:
                json.WriteString("type"u8, "output_text"u8);
                json.WriteString("text"u8, text);
                json.WriteStartArray("annotations"u8);
                json.WriteEndArray();
                json.WriteStartArray("logprobs"u8);
                json.WriteEndArray();
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>The response object in one of its states, with everything the request said.</summary>
    public static void Response(
        Utf8JsonWriter json,
        AnswerContext context,
        string status,
        IReadOnlyList<AnswerBlock> blocks,
        Finish? finish,
        Failure? failure
    )
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id(context));
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, context.Created.ToUnixTimeSeconds());
        json.WriteString("status"u8, status);
        Problem(json, status, finish, failure);
        json.WriteString("model"u8, context.Model);
        json.WriteStartArray("output"u8);
        for (var i = 0; i < blocks.Count; i++)
        {
            Item(json, blocks[i], ItemId(context, blocks[i].Kind, i), "completed");
        }

        json.WriteEndArray();
        Echo(json, context.Request);
        if (finish is { } ended)
        {
            ResponsesUsage.Write(json, ended.Usage);
        }
        else
        {
            json.WriteNull("usage"u8);
        }

        json.WriteEndObject();
    }

    /// <summary>How a finished answer is called.</summary>
    public static string Status(FinishReason reason, IReadOnlyList<AnswerBlock> blocks) =>
        reason switch
        {
            FinishReason.Length => "incomplete",
            FinishReason.Filtered when blocks.All(block => block.Kind != BlockKind.Refusal) =>
                "incomplete",
            _ => "completed",
        };

    private static void Problem(
        Utf8JsonWriter json,
        string status,
        Finish? finish,
        Failure? failure
    )
    {
        json.WritePropertyName("error"u8);
        if (failure is null)
        {
            json.WriteNullValue();
        }
        else
        {
            Error(json, failure);
        }

        json.WritePropertyName("incomplete_details"u8);
        if (status != "incomplete")
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString(
            "reason"u8,
            finish?.Reason == FinishReason.Filtered ? "content_filter"u8 : "max_output_tokens"u8
        );
        json.WriteEndObject();
    }

    private static void Error(Utf8JsonWriter json, Failure failure)
    {
        json.WriteStartObject();
        json.WriteString(
            "code"u8,
            failure.Kind switch
            {
                FailureKind.RateLimited or FailureKind.QuotaExhausted => "rate_limit_exceeded"u8,
                FailureKind.InvalidRequest
                or FailureKind.ContextLength
                or FailureKind.ContentPolicy
                or FailureKind.Untranslatable => "invalid_prompt"u8,
                _ => "server_error"u8,
            }
        );
        json.WriteString("message"u8, failure.Message);
        json.WriteEndObject();
    }

    private static void Echo(Utf8JsonWriter json, HubRequest request)
    {
        json.WriteBoolean("parallel_tool_calls"u8, request.ParallelToolCalls ?? true);
        json.WriteNull("previous_response_id"u8);
        json.WriteBoolean("store"u8, value: false);
        if (request.MaxOutputTokens is { } most)
        {
            json.WriteNumber("max_output_tokens"u8, most);
        }
        else
        {
            json.WriteNull("max_output_tokens"u8);
        }

        json.WriteNull("instructions"u8);
        json.WriteNumber("temperature"u8, request.Sampling.Temperature ?? 1);
        json.WriteNumber("top_p"u8, request.Sampling.TopP ?? 1);
        ResponsesEcho.Text(json, request);
        ResponsesEcho.Choice(json, request.ToolChoice ?? new ToolChoice.Auto());
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools.OfType<FunctionTool>())
        {
            ResponsesEcho.Function(json, tool);
        }

        json.WriteEndArray();
        json.WriteString("truncation"u8, "disabled"u8);
        json.WriteStartObject("metadata"u8);
        foreach (var (name, value) in request.Metadata)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
