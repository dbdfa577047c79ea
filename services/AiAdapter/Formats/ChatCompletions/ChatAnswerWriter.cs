using System.Buffers;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Writes a whole <c>chat.completion</c>.</summary>
internal static class ChatAnswerWriter
{
    public static void Write(HubAnswer answer, AnswerContext context, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Writing);
        json.WriteStartObject();
        json.WriteString("id"u8, Id(context));
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, context.Created.ToUnixTimeSeconds());
        json.WriteString("model"u8, context.Model);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        WriteMessage(json, answer.Blocks);
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, ChatFinish.Word(answer.Finish.Reason));
        json.WriteEndObject();
        json.WriteEndArray();
        ChatUsage.Write(json, answer.Finish.Usage);
        json.WriteEndObject();
    }

    public static string Id(AnswerContext context) => $"chatcmpl-{context.CallId}";

    /// <summary>An opaque part, with which a client gives it back in its next request.</summary>
    public static void WriteDetail(Utf8JsonWriter json, Opaque opaque, int index)
    {
        var signs = opaque.Kind == OpaqueKind.Signature;
        json.WriteStartObject();
        json.WriteString("type"u8, signs ? "reasoning.text"u8 : "reasoning.encrypted"u8);
        json.WriteString(signs ? "signature"u8 : "data"u8, opaque.ToToken());
        json.WriteNumber("index"u8, index);
        json.WriteEndObject();
    }

    public static void WriteImage(Utf8JsonWriter json, string? mediaType, string data)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteString("url"u8, $"data:{mediaType};base64,{data}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, IReadOnlyList<AnswerBlock> blocks)
    {
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, Joined(blocks, BlockKind.Text));
        json.WriteString("refusal"u8, Joined(blocks, BlockKind.Refusal));
        if (Joined(blocks, BlockKind.Reasoning) is { Length: > 0 } reasoning)
        {
            json.WriteString("reasoning_content"u8, reasoning);
        }

        WriteDetails(json, blocks);
        if (blocks.Any(block => block.Kind == BlockKind.Image))
        {
            json.WriteStartArray("images"u8);
            foreach (var image in blocks.Where(block => block.Kind == BlockKind.Image))
            {
                WriteImage(json, image.Name, image.Text);
            }

            json.WriteEndArray();
        }

        WriteCalls(json, blocks);
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, IReadOnlyList<AnswerBlock> blocks)
    {
        if (!blocks.Any(block => block.Opaque is not null))
        {
            return;
        }

        json.WriteStartArray("reasoning_details"u8);
        var index = 0;
        foreach (var block in blocks)
        {
            if (block.Opaque is { Kind: OpaqueKind.Signature } signature)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "reasoning.text"u8);
                json.WriteString("text"u8, block.Text);
                json.WriteString("signature"u8, signature.ToToken());
                json.WriteNumber("index"u8, index++);
                json.WriteEndObject();
            }
            else if (block.Opaque is { } hidden)
            {
                WriteDetail(json, hidden, index++);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<AnswerBlock> blocks)
    {
        if (!blocks.Any(block => block.Kind == BlockKind.ToolUse))
        {
            return;
        }

        json.WriteStartArray("tool_calls"u8);
        foreach (var call in blocks.Where(block => block.Kind == BlockKind.ToolUse))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Text);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string? Joined(IReadOnlyList<AnswerBlock> blocks, BlockKind kind)
    {
        var texts = blocks.Where(block => block.Kind == kind).Select(block => block.Text).ToList();
        return texts.Count == 0 ? null : string.Concat(texts);
    }
}
