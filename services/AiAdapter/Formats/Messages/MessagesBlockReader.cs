using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Reads messages and their content blocks.</summary>
internal static class MessagesBlockReader
{
    public static List<Message> Messages(RequestFields request, MessagesVersion version)
    {
        List<Message> messages = [];
        foreach (var fields in request.Objects("messages", required: true))
        {
            var role = fields.Word(
                "role",
                ("user", Role.User),
                ("assistant", Role.Assistant),
                ("system", Role.System)
            );
            if (role is null && fields.Raw("role") is null)
            {
                fields.Missing("role");
            }

            messages.Add(new(role ?? Role.User, Content(fields)));
            if (version == MessagesVersion.Second && role == Role.User)
            {
                CheckCitations(fields);
            }
        }

        if (messages.Count == 0 && request.Raw("messages") is not null)
        {
            request.Wrong<string>("messages", "an array with at least one message");
        }

        return messages;
    }

    public static Block Block(RequestFields fields)
    {
        var block = Typed(fields, fields.Text("type", required: true) ?? "");
        return block with { At = fields.Path, Cache = CacheMarks.Read(fields) };
    }

    private static List<Block> Content(RequestFields fields)
    {
        switch (fields.Raw("content"))
        {
            case null:
                fields.Missing("content");
                return [];
            case { ValueKind: JsonValueKind.String } text:
                return [new TextBlock(text.Loose()) { At = fields.At("content") }];
            default:
                return [.. fields.Objects("content").Select(Block)];
        }
    }

    private static Block Typed(RequestFields fields, string type)
    {
        switch (type)
        {
            case "text":
                return new TextBlock(fields.Text("text", required: true) ?? "");
            case "image":
                return new ImageBlock(Source(fields));
            case "document":
                return new DocumentBlock(
                    Source(fields),
                    fields.Text("title"),
                    fields.Text("context")
                );
            case "thinking":
                var thought = fields.Text("thinking", required: true) ?? "";
                return new ReasoningBlock(
                    thought,
                    fields.Text("signature") is { Length: > 0 } signature
                        ? Opaque.FromToken(signature, OpaqueKind.Signature, FormatNames.Messages)
                        : null
                );
            case "redacted_thinking":
                var data = fields.Text("data", required: true) ?? "";
                return new ReasoningBlock(
                    "",
                    Opaque.FromToken(data, OpaqueKind.Redacted, FormatNames.Messages)
                );
            case "tool_use":
                return ToolUse(fields);
            case "tool_result":
                return ToolResult(fields);
            default:
                return new ForeignBlock(FormatNames.Messages, type, RawJson.Of(fields.Element));
        }
    }

    private static ToolUseBlock ToolUse(RequestFields fields)
    {
        var id = fields.Text("id", required: true) ?? "";
        var name = fields.Text("name", required: true) ?? "";
        var input = fields.Object("input", required: true);
        return new(id, name, input?.Element.GetRawText() ?? "{}");
    }

    private static ToolResultBlock ToolResult(RequestFields fields)
    {
        var id = fields.Text("tool_use_id", required: true) ?? "";
        var failed = fields.Flag("is_error") ?? false;
        IReadOnlyList<Block> content = fields.Raw("content") switch
        {
            null => [],
            { ValueKind: JsonValueKind.String } text =>
            [
                new TextBlock(text.Loose()) { At = fields.At("content") },
            ],
            _ => [.. fields.Objects("content").Select(Block)],
        };
        return new(id, content, failed);
    }

    private static Media Source(RequestFields block)
    {
        if (block.Object("source", required: true) is not { } source)
        {
            return new Media.PlainText("");
        }

        switch (source.Text("type", required: true))
        {
            case "base64":
                var type = source.Text("media_type", required: true) ?? "";
                return new Media.Inline(type, source.Text("data", required: true) ?? "");
            case "url":
                return new Media.Link(source.Text("url", required: true) ?? "");
            case "file":
                return new Media.File(source.Text("file_id", required: true) ?? "");
            case "text":
                return new Media.PlainText(source.Text("data", required: true) ?? "");
            default:
                source.Wrong<string>("type", "'base64', 'url', 'file' or 'text'");
                return new Media.PlainText("");
        }
    }

    private static void CheckCitations(RequestFields message)
    {
        if (message.Raw("content") is not { ValueKind: JsonValueKind.Array })
        {
            return;
        }

        foreach (var block in message.Objects("content"))
        {
            if (block.Element.Text("type") == "text" && block.Element.Items("citations").Any())
            {
                block.Wrong<string>("citations", "empty in a user's message");
            }
        }
    }
}
