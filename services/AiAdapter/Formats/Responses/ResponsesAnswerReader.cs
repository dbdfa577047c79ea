using System.Text.Json;
using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>Reads a whole response.</summary>
internal static class ResponsesAnswerReader
{
    public static void Read(ReadOnlyMemory<byte> body, ReadContext context, IHubEvents events) =>
        WholeAnswer.Read(body, events, (root, answer) => Read(root, context, answer));

    /// <summary>The end of an answer: counts, and how it went.</summary>
    public static void End(JsonElement response, AnswerSource answer, bool refused)
    {
        if (response.Child("usage") is { } usage)
        {
            answer.Count(ResponsesUsage.Read(usage, response.Text("service_tier")));
        }

        switch (response.Text("status"))
        {
            case "incomplete":
                answer.Finish(
                    response.Child("incomplete_details")?.Text("reason") == "content_filter"
                        ? FinishReason.Filtered
                        : FinishReason.Length
                );
                break;
            case "completed":
                answer.Finish(
                    answer.CalledTool ? FinishReason.ToolUse
                    : refused ? FinishReason.Filtered
                    : FinishReason.End
                );
                break;
            default:
                answer.Fail(
                    ChatErrors.Read(response, status: null)
                        ?? new(FailureKind.ServerError, "The provider did not complete its answer.")
                );
                break;
        }
    }

    public static Opaque? Encrypted(JsonElement item, ReadContext context) =>
        item.Text("encrypted_content") is { Length: > 0 } data
            ? new(OpaqueKind.Encrypted, data, context.Origin)
            : null;

    /// <summary>A whole item; false if it holds a refusal.</summary>
    public static bool Item(JsonElement item, ReadContext context, AnswerSource answer)
    {
        var refused = false;
        switch (item.Text("type"))
        {
            case "message":
                foreach (var part in item.Items("content"))
                {
                    var isRefusal = part.Text("type") == "refusal";
                    refused |= isRefusal;
                    var text = part.Text(isRefusal ? "refusal" : "text");
                    if (!string.IsNullOrEmpty(text))
                    {
                        answer.Block(isRefusal ? BlockKind.Refusal : BlockKind.Text, text);
                    }
                }

                break;
            case "reasoning":
                var thoughts = item.Items("summary")
                    .Concat(item.Items("content"))
                    .Select(part => part.Text("text") ?? "");
                answer.Block(
                    BlockKind.Reasoning,
                    string.Join("\n\n", thoughts),
                    opaque: Encrypted(item, context)
                );
                break;
            case "function_call":
                answer.Block(
                    BlockKind.ToolUse,
                    item.Text("arguments") ?? "",
                    item.Text("call_id"),
                    item.Text("name")
                );
                break;
            case "image_generation_call":
                answer.Block(
                    BlockKind.Image,
                    item.Text("result") ?? "",
                    name: $"image/{item.Text("output_format") ?? "png"}"
                );
                break;
            default:
                // Calls of tools that run at the provider: nobody else could have asked for them.
                break;
        }

        return refused;
    }

    private static void Read(JsonElement root, ReadContext context, AnswerSource answer)
    {
        if (root.Child("status") is null)
        {
            if (ChatErrors.Read(root, status: null) is { } failure)
            {
                answer.Fail(failure);
            }

            return;
        }

        answer.Start(root.Text("id") ?? "", root.Text("model") ?? "");
        var refused = false;
        foreach (var item in root.Items("output"))
        {
            refused |= Item(item, context, answer);
        }

        End(root, answer, refused);
    }
}
