using System.Buffers;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Writes a whole message.</summary>
internal static class MessagesAnswerWriter
{
    public static void Write(
        HubAnswer answer,
        AnswerContext context,
        IBufferWriter<byte> output,
        MessagesVersion version
    )
    {
        using var json = new Utf8JsonWriter(output, JsonText.Writing);
        json.WriteStartObject();
        Head(json, context);
        json.WriteStartArray("content"u8);
        foreach (var block in answer.Blocks)
        {
            Block(json, block, version);
        }

        json.WriteEndArray();
        json.WriteString("stop_reason"u8, MessagesFinish.Word(answer.Finish.Reason));
        json.WriteString("stop_sequence"u8, answer.Finish.StopSequence);
        Nulls(json, version);
        MessagesUsage.Write(json, answer.Finish.Usage, version == MessagesVersion.Second);
        json.WriteEndObject();
    }

    public static void Head(Utf8JsonWriter json, AnswerContext context)
    {
        json.WriteString("id"u8, $"msg_{context.CallId}");
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, context.Model);
    }

    /// <summary>Fields that the second version always has.</summary>
    public static void Nulls(Utf8JsonWriter json, MessagesVersion version)
    {
        if (version == MessagesVersion.Second)
        {
            json.WriteNull("container"u8);
            json.WriteNull("stop_details"u8);
            json.WriteNull("diagnostics"u8);
        }
    }

    private static void Block(Utf8JsonWriter json, AnswerBlock block, MessagesVersion version)
    {
        switch (block.Kind)
        {
            case BlockKind.Reasoning:
                Reasoning(json, block);
                break;
            case BlockKind.ToolUse when RequestReading.IsObject(block.Text):
                json.WriteStartObject();
                BeginToolUse(json, block.Id, block.Name, version);
                json.WritePropertyName("input"u8);
                json.WriteRawValue(block.Text);
                json.WriteEndObject();
                break;
            case BlockKind.Text or BlockKind.Refusal when block.Text.Length > 0:
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, block.Text);
                Citations(json, version);
                json.WriteEndObject();
                break;
            default:
                // A call whose arguments broke off at the limit cannot be made; images: see Refuses.
                break;
        }
    }

    /// <summary>Why an answer cannot be said in this format; null if it can.</summary>
    public static Failure? Refuses(HubAnswer answer)
    {
        foreach (var block in answer.Blocks)
        {
            if (block.Kind == BlockKind.Image)
            {
                return Images();
            }

            if (
                block.Kind == BlockKind.ToolUse
                && answer.Finish.Reason != FinishReason.Length
                && !RequestReading.IsObject(block.Text)
            )
            {
                return new(
                    FailureKind.Malformed,
                    $"The model called {block.Name} with arguments that are not a JSON object."
                );
            }
        }

        return null;
    }

    public static Failure Images() =>
        new(
            FailureKind.Untranslatable,
            "The answer holds an image, which this format cannot carry."
        );

    public static void BeginToolUse(
        Utf8JsonWriter json,
        string? id,
        string? name,
        MessagesVersion version
    )
    {
        json.WriteString("type"u8, "tool_use"u8);
        json.WriteString("id"u8, id);
        json.WriteString("name"u8, name);
        if (version == MessagesVersion.Second)
        {
            json.WriteStartObject("caller"u8);
            json.WriteString("type"u8, "direct"u8);
            json.WriteEndObject();
        }
    }

    public static void Citations(Utf8JsonWriter json, MessagesVersion version)
    {
        if (version == MessagesVersion.Second)
        {
            json.WriteNull("citations"u8);
        }
    }

    private static void Reasoning(Utf8JsonWriter json, AnswerBlock block)
    {
        if (block.Text.Length == 0 && block.Opaque is null)
        {
            return;
        }

        json.WriteStartObject();
        if (block.Text.Length == 0 && block.Opaque is { Kind: OpaqueKind.Redacted } hidden)
        {
            json.WriteString("type"u8, "redacted_thinking"u8);
            json.WriteString("data"u8, hidden.ToToken());
        }
        else
        {
            json.WriteString("type"u8, "thinking"u8);
            json.WriteString("thinking"u8, block.Text);
            json.WriteString("signature"u8, block.Opaque?.ToToken() ?? "");
        }

        json.WriteEndObject();
    }
}
