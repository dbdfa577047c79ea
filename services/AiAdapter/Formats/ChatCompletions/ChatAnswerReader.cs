using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Reads a whole <c>chat.completion</c>.</summary>
internal static class ChatAnswerReader
{
    public static void Read(ReadOnlyMemory<byte> body, ReadContext context, IHubEvents events) =>
        WholeAnswer.Read(body, events, (root, answer) => Read(root, context, answer));

    /// <summary>An error that came with a status of success; null if there is none.</summary>
    public static Failure? Hidden(JsonElement root)
    {
        if (root.Child("error") is not null)
        {
            return ChatErrors.Read(root, status: null);
        }

        // MiniMax.
        return root.Child("base_resp") is { } state && state.Long("status_code") != 0
            ? new(
                state.Long("status_code") == 1002
                    ? FailureKind.RateLimited
                    : FailureKind.ServerError,
                state.Text("status_msg") ?? "The provider refused the request.",
                Code: state
                    .Long("status_code")
                    .ToString(System.Globalization.CultureInfo.InvariantCulture)
            )
            : null;
    }

    /// <summary>A message's <c>reasoning_details</c>: signatures and encrypted reasoning.</summary>
    public static void Details(JsonElement details, ReadContext context, AnswerSource answer)
    {
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.Text("signature") is { Length: > 0 } signature)
            {
                var opaque = new Opaque(OpaqueKind.Signature, signature, context.Origin);
                if (answer.Open != BlockKind.Reasoning)
                {
                    answer.Begin(BlockKind.Reasoning);
                }

                answer.Close(opaque);
            }
            else if (detail.Text("data") is { Length: > 0 } data)
            {
                answer.Hidden(new(OpaqueKind.Redacted, data, context.Origin));
            }
        }
    }

    /// <summary>Content that is a list: Mistral's thoughts and texts, images of others.</summary>
    public static void Parts(JsonElement parts, AnswerSource answer)
    {
        foreach (var part in parts.EnumerateArray())
        {
            switch (part.Text("type"))
            {
                case "thinking":
                    foreach (var thought in part.Items("thinking"))
                    {
                        Append(answer, BlockKind.Reasoning, thought.Text("text"));
                    }

                    break;
                case "text" or "output_text":
                    Append(answer, BlockKind.Text, part.Text("text"));
                    break;
                case "image_url"
                    when RequestReading.DataUri(part.Child("image_url")?.Text("url") ?? "")
                        is { } image:
                    answer.Block(BlockKind.Image, image.Data, name: image.MediaType);
                    break;
                default:
                    break;
            }
        }
    }

    private static void Read(JsonElement root, ReadContext context, AnswerSource answer)
    {
        if (Hidden(root) is { } failure)
        {
            answer.Fail(failure);
            return;
        }

        var choice = root.Items("choices").FirstOrDefault();
        if (choice.Child("message") is not { } message)
        {
            return;
        }

        answer.Start(root.Text("id") ?? "", root.Text("model") ?? "");
        Append(
            answer,
            BlockKind.Reasoning,
            message.Text("reasoning_content") ?? message.Text("reasoning")
        );
        if (message.Child("reasoning_details") is { ValueKind: JsonValueKind.Array } details)
        {
            Details(details, context, answer);
        }

        if (message.Child("content") is { ValueKind: JsonValueKind.Array } parts)
        {
            Parts(parts, answer);
        }
        else
        {
            Append(answer, BlockKind.Text, message.Text("content"));
        }

        if (message.Child("images") is { ValueKind: JsonValueKind.Array } images)
        {
            Parts(images, answer);
        }

        Append(answer, BlockKind.Refusal, message.Text("refusal"));
        Calls(message, context, answer);
        if (root.Child("usage") is { } usage)
        {
            answer.Count(ChatUsage.Read(usage, root.Text("service_tier")));
        }

        End(answer, choice.Text("finish_reason") ?? "stop");
    }

    public static void End(AnswerSource answer, string finish)
    {
        if (ChatFinish.Read(finish, answer.CalledTool) is { } reason)
        {
            answer.Finish(reason);
        }
        else
        {
            answer.Fail(
                new(
                    FailureKind.ServerError,
                    "The provider ended its answer with an error.",
                    Code: finish
                )
            );
        }
    }

    private static void Calls(JsonElement message, ReadContext context, AnswerSource answer)
    {
        var index = 0;
        foreach (var call in message.Items("tool_calls"))
        {
            var function = call.Child("function") ?? default;

            // TGI sends the arguments as an object, the others as text.
            var arguments = function.Child("arguments") is { ValueKind: JsonValueKind.Object } raw
                ? raw.GetRawText()
                : function.Text("arguments") ?? "";
            answer.Block(
                BlockKind.ToolUse,
                arguments,
                call.Text("id") is { Length: > 0 } id ? id : $"call_{context.CallId}_{index}",
                function.Text("name") ?? ""
            );
            index++;
        }
    }

    private static void Append(AnswerSource answer, BlockKind kind, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            answer.Append(kind, System.Text.Encoding.UTF8.GetBytes(text));
        }
    }
}
