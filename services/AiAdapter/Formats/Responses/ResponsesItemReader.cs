using System.Text.Json;
using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>Reads input items, of which several make one message: reasoning, texts and calls of one turn.</summary>
internal static class ResponsesItemReader
{
    public static List<Message> Read(RequestFields request)
    {
        List<Message> messages = [];
        if (request.Raw("input") is { ValueKind: JsonValueKind.String } text)
        {
            messages.Add(new(Role.User, [new TextBlock(text.Loose()) { At = "input" }]));
            return messages;
        }

        foreach (var item in request.Objects("input"))
        {
            var (role, blocks) = Item(item);
            var isResult = blocks is [ToolResultBlock];
            if (
                messages.Count > 0
                && messages[^1] is var last
                && last.Role == role
                && (role == Role.Assistant || (isResult && last.Content is [.., ToolResultBlock]))
            )
            {
                messages[^1] = last with { Content = [.. last.Content, .. blocks] };
            }
            else
            {
                messages.Add(new(role, blocks));
            }
        }

        return messages;
    }

    private static (Role Role, IReadOnlyList<Block> Blocks) Item(RequestFields item)
    {
        switch (item.Text("type") ?? "message")
        {
            case "message":
                return Message(item);
            case "function_call":
                return (Role.Assistant, [Call(item)]);
            case "function_call_output":
                var id = item.Text("call_id", required: true) ?? "";
                return (
                    Role.User,
                    [new ToolResultBlock(id, Content(item, "output")) { At = item.Path }]
                );
            case "reasoning":
                return (Role.Assistant, [Reasoning(item)]);
            case var type:
                return (
                    Role.Assistant,
                    [
                        new ForeignBlock(FormatNames.Responses, type, RawJson.Of(item.Element))
                        {
                            At = item.Path,
                        },
                    ]
                );
        }
    }

    private static (Role Role, IReadOnlyList<Block> Blocks) Message(RequestFields item)
    {
        var role = item.Word(
            "role",
            ("user", Role.User),
            ("assistant", Role.Assistant),
            ("system", Role.System),
            ("developer", Role.System)
        );
        if (role is null && item.Raw("role") is null)
        {
            item.Missing("role");
        }

        return (role ?? Role.User, Content(item, "content"));
    }

    private static ToolUseBlock Call(RequestFields item)
    {
        var id = item.Text("call_id", required: true) ?? "";
        var name = item.Text("name", required: true) ?? "";
        var arguments = item.Text("arguments", required: true) ?? "";
        if (string.IsNullOrWhiteSpace(arguments))
        {
            arguments = "{}";
        }
        else if (!RequestReading.IsObject(arguments))
        {
            item.Wrong<string>("arguments", "the text of a JSON object");
        }

        return new(id, name, arguments) { At = item.Path };
    }

    private static ReasoningBlock Reasoning(RequestFields item)
    {
        var texts = item.Objects("summary")
            .Concat(item.Objects("content"))
            .Select(part => part.Text("text") ?? "");
        return new(
            string.Join("\n\n", texts),
            item.Text("encrypted_content") is { Length: > 0 } data
                ? Opaque.FromToken(data, OpaqueKind.Encrypted, FormatNames.Responses)
                : null
        )
        {
            At = item.Path,
        };
    }

    private static List<Block> Content(RequestFields item, string name)
    {
        switch (item.Raw(name))
        {
            case null:
                item.Missing(name);
                return [];
            case { ValueKind: JsonValueKind.String } text:
                return [new TextBlock(text.Loose()) { At = item.At(name) }];
            default:
                return [.. item.Objects(name).Select(Part)];
        }
    }

    private static Block Part(RequestFields part)
    {
        var block = Typed(part, part.Text("type", required: true) ?? "");
        return block with { At = part.Path };
    }

    private static Block Typed(RequestFields part, string type)
    {
        switch (type)
        {
            case "input_text" or "output_text" or "text" or "summary_text":
                return new TextBlock(part.Text("text", required: true) ?? "");
            case "refusal":
                return new RefusalBlock(part.Text("refusal", required: true) ?? "");
            case "input_image":
                var detail = part.Text("detail");
                return part.Text("file_id") is { } id
                    ? new ImageBlock(new Media.File(id), detail)
                    : new ImageBlock(
                        ChatMessageReader.Linked(part.Text("image_url", required: true) ?? ""),
                        detail
                    );
            case "input_file":
                return File(part);
            default:
                return new ForeignBlock(FormatNames.Responses, type, RawJson.Of(part.Element));
        }
    }

    private static DocumentBlock File(RequestFields part)
    {
        var name = part.Text("filename");
        if (part.Text("file_id") is { } id)
        {
            return new(new Media.File(id), name);
        }

        var url = part.Text("file_url");
        var data = url ?? part.Text("file_data", required: true) ?? "";
        return new(ChatMessageReader.Linked(data), name);
    }
}
