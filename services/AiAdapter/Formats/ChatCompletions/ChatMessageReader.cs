using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Messages of Chat Completions: results of tools are messages there, and blocks of a user's here.</summary>
internal static class ChatMessageReader
{
    public static List<Message> Read(RequestFields request)
    {
        List<Message> messages = [];
        List<Block> results = [];
        foreach (var fields in request.Objects("messages", required: true))
        {
            if (fields.Text("role", required: true) is not { } role)
            {
                continue;
            }

            // All results of one turn are one message of the user.
            if (role is "tool" or "function")
            {
                results.Add(Result(fields));
                continue;
            }

            Flush(messages, results);
            switch (role)
            {
                case "system" or "developer":
                    messages.Add(new(Role.System, Content(fields, required: true)));
                    break;
                case "user":
                    messages.Add(new(Role.User, Content(fields, required: true)));
                    break;
                case "assistant":
                    messages.Add(new(Role.Assistant, Assistant(fields)));
                    break;
                default:
                    fields.Wrong<string>(
                        "role",
                        "'developer', 'system', 'user', 'assistant' or 'tool'"
                    );
                    break;
            }
        }

        Flush(messages, results);
        if (messages.Count == 0 && request.Problems.Count == 0)
        {
            request.Wrong<string>("messages", "an array with at least one message");
        }

        return messages;
    }

    private static void Flush(List<Message> messages, List<Block> results)
    {
        if (results.Count > 0)
        {
            messages.Add(new(Role.User, [.. results]));
            results.Clear();
        }
    }

    private static ToolResultBlock Result(RequestFields fields)
    {
        var id = fields.Text("tool_call_id", required: true) ?? "";
        return new(id, Content(fields, required: true)) { At = fields.Path };
    }

    private static List<Block> Assistant(RequestFields fields)
    {
        List<Block> blocks = [];
        var details = fields.Objects("reasoning_details").Select(Reasoning).ToList();
        blocks.AddRange(details);
        var thoughts = fields.Text("reasoning_content") ?? fields.Text("reasoning");
        if (details.Count == 0 && !string.IsNullOrEmpty(thoughts))
        {
            blocks.Add(new ReasoningBlock(thoughts) { At = fields.At("reasoning_content") });
        }

        blocks.AddRange(Content(fields, required: false));
        if (fields.Text("refusal") is { Length: > 0 } refusal)
        {
            blocks.Add(new RefusalBlock(refusal) { At = fields.At("refusal") });
        }

        blocks.AddRange(fields.Objects("tool_calls").Select(Call));
        if (blocks.Count == 0 && fields.Raw("content") is null)
        {
            fields.Missing("content");
        }

        return blocks;
    }

    private static Block Reasoning(RequestFields fields)
    {
        var text = fields.Text("text") ?? fields.Text("summary") ?? "";
        var (token, kind) = fields.Text("signature") is { } signature
            ? (signature, OpaqueKind.Signature)
            : (fields.Text("data"), OpaqueKind.Redacted);
        return new ReasoningBlock(
            text,
            token is null ? null : Opaque.FromToken(token, kind, FormatNames.ChatCompletions)
        )
        {
            At = fields.Path,
        };
    }

    private static Block Call(RequestFields fields)
    {
        var id = fields.Text("id", required: true) ?? "";
        if (fields.Text("type") is { } type && type != "function")
        {
            return new ForeignBlock(FormatNames.ChatCompletions, type, RawJson.Of(fields.Element))
            {
                At = fields.Path,
            };
        }

        var function = fields.Object("function", required: true);
        var arguments = function?.Text("arguments", required: true) ?? "";
        if (string.IsNullOrWhiteSpace(arguments))
        {
            arguments = "{}";
        }
        else if (!RequestReading.IsObject(arguments))
        {
            function?.Wrong<string>("arguments", "the text of a JSON object");
        }

        return new ToolUseBlock(id, function?.Text("name", required: true) ?? "", arguments)
        {
            At = fields.Path,
        };
    }

    private static List<Block> Content(RequestFields fields, bool required)
    {
        switch (fields.Raw("content"))
        {
            case null:
                if (required)
                {
                    fields.Missing("content");
                }

                return [];
            case { ValueKind: JsonValueKind.String } text:
                return text.Loose() is { Length: > 0 } found || required
                    ? [new TextBlock(text.Loose()) { At = fields.At("content") }]
                    : [];
            default:
                return [.. fields.Objects("content").Select(Part)];
        }
    }

    private static Block Part(RequestFields part)
    {
        var block = Typed(part, part.Text("type", required: true) ?? "");
        return block with { At = part.Path, Cache = CacheMarks.Read(part) };
    }

    private static Block Typed(RequestFields part, string type)
    {
        switch (type)
        {
            case "text":
                return new TextBlock(part.Text("text", required: true) ?? "");
            case "refusal":
                return new RefusalBlock(part.Text("refusal", required: true) ?? "");
            case "image_url" when part.Object("image_url", required: true) is { } image:
                var url = image.Text("url", required: true) ?? "";
                return new ImageBlock(Linked(url), image.Text("detail"));
            case "input_audio" when part.Object("input_audio", required: true) is { } audio:
                var format = audio.Text("format", required: true);
                return new AudioBlock(
                    new Media.Inline($"audio/{format}", audio.Text("data", required: true) ?? "")
                );
            case "file" when part.Object("file", required: true) is { } file:
                return File(file);
            default:
                return new ForeignBlock(
                    FormatNames.ChatCompletions,
                    type,
                    RawJson.Of(part.Element)
                );
        }
    }

    private static DocumentBlock File(RequestFields file)
    {
        var name = file.Text("filename");
        if (file.Text("file_id") is { } id)
        {
            return new DocumentBlock(new Media.File(id), name);
        }

        var data = file.Text("file_data", required: true) ?? "";
        if (RequestReading.DataUri(data) is { } inline)
        {
            return new DocumentBlock(inline, name);
        }

        file.Wrong<string>("file_data", "a data: address with base 64");
        return new DocumentBlock(new Media.Link(data), name);
    }

    internal static Media Linked(string url) =>
        RequestReading.DataUri(url) is { } inline ? inline : new Media.Link(url);
}
