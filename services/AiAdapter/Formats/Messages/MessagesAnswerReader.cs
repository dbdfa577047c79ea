using System.Text;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Reads a whole message.</summary>
internal static class MessagesAnswerReader
{
    public static void Read(ReadOnlyMemory<byte> body, ReadContext context, IHubEvents events) =>
        WholeAnswer.Read(body, events, (root, answer) => Read(root, context, answer));

    private static void Read(JsonElement root, ReadContext context, AnswerSource answer)
    {
        if (MessagesErrors.Read(root, status: null) is { } failure)
        {
            answer.Fail(failure);
            return;
        }

        if (root.Child("content") is not { ValueKind: JsonValueKind.Array } content)
        {
            return;
        }

        answer.Start(root.Text("id") ?? "", root.Text("model") ?? "");
        foreach (var block in content.EnumerateArray())
        {
            Block(block, context, answer);
        }

        if (root.Child("usage") is { } usage)
        {
            answer.Count(MessagesUsage.Read(usage, default));
        }

        answer.Finish(MessagesFinish.Read(root.Text("stop_reason")), root.Text("stop_sequence"));
    }

    private static void Block(JsonElement block, ReadContext context, AnswerSource answer)
    {
        switch (block.Text("type"))
        {
            case "text":
                // A text cannot be empty there, and an empty one would be invented elsewhere.
                if (block.Text("text") is { Length: > 0 } text)
                {
                    answer.Block(BlockKind.Text, text);
                }

                break;
            case "thinking":
                answer.Block(
                    BlockKind.Reasoning,
                    block.Text("thinking") ?? "",
                    opaque: block.Text("signature") is { Length: > 0 } signature
                        ? new(OpaqueKind.Signature, signature, context.Origin)
                        : null
                );
                break;
            case "redacted_thinking":
                answer.Hidden(new(OpaqueKind.Redacted, block.Text("data") ?? "", context.Origin));
                break;
            case "tool_use":
                answer.Block(
                    BlockKind.ToolUse,
                    block.Child("input") is { } input ? Compact(input) : "{}",
                    block.Text("id"),
                    block.Text("name")
                );
                break;
            default:
                // Results of tools that run at the provider: nobody else could have asked for them.
                break;
        }
    }

    public static string Compact(JsonElement input)
    {
        using var bytes = new PooledBuffer();
        using (var json = new Utf8JsonWriter(bytes, JsonText.Writing))
        {
            input.WriteTo(json);
        }

        return Encoding.UTF8.GetString(bytes.Span);
    }
}
