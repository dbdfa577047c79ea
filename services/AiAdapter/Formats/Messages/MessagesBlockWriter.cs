using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Writes the system prompt and messages.</summary>
internal sealed class MessagesBlockWriter(Utf8JsonWriter json, RequestWriting writing)
{
    private readonly IReadOnlyList<Message> _messages = writing.Request.Messages;

    /// <summary>All instructions, wherever they stood: only the newest models take them in between.</summary>
    public void System()
    {
        var blocks = _messages
            .Where(message => message.Role == Role.System)
            .SelectMany(message => message.Content)
            .Where(block => block is not TextBlock { Text.Length: 0 })
            .ToList();
        if (blocks.Count == 0)
        {
            return;
        }

        json.WriteStartArray("system"u8);
        blocks.ForEach(Block);
        json.WriteEndArray();
    }

    public void Messages()
    {
        json.WriteStartArray("messages"u8);
        Role? open = null;
        foreach (var (role, content) in Turns())
        {
            // Neighbours of one role are one message: results of tools must stand together.
            if (role != open)
            {
                Close(open);
                open = role;
                json.WriteStartObject();
                json.WriteString("role"u8, role == Role.User ? "user"u8 : "assistant"u8);
                json.WriteStartArray("content"u8);
            }

            foreach (var block in content)
            {
                Block(block);
            }
        }

        Close(open);
        json.WriteEndArray();
    }

    private void Close(Role? open)
    {
        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private IEnumerable<(Role Role, IEnumerable<Block> Content)> Turns() =>
        _messages
            .Where(message => message.Role != Role.System)
            .Select(message => (message.Role, message.Content.Where(IsWritten)))
            .Where(turn => turn.Item2.Any());

    // Empty texts are refused there, and reasoning of others means nothing.
    private bool IsWritten(Block block) =>
        block switch
        {
            TextBlock text => text.Text.Length > 0,
            RefusalBlock refusal => refusal.Text.Length > 0,
            ReasoningBlock reasoning => writing.Own(reasoning.Opaque, FormatNames.Messages)
                is { Kind: OpaqueKind.Signature or OpaqueKind.Redacted },
            _ => true,
        };

    private void Block(Block block)
    {
        switch (block)
        {
            case ForeignBlock { Format: FormatNames.Messages } raw:
                raw.Raw.WriteTo(json);
                return;
            case TextBlock text:
                Text(text.Text, block.Cache);
                return;
            case RefusalBlock refusal:
                Text(refusal.Text, block.Cache);
                return;
            case ReasoningBlock reasoning:
                Reasoning(reasoning);
                return;
            case ToolUseBlock call:
                json.WriteStartObject();
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, ToolIds.Plain(call.Id));
                json.WriteString("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                json.WriteRawValue(call.Arguments);
                json.WriteMark(call.Cache);
                json.WriteEndObject();
                return;
            case ToolResultBlock result:
                Result(result);
                return;
            case ImageBlock image when writing.Traits.Vision:
                Media("image"u8, image, image.Source, null, null);
                return;
            case DocumentBlock document:
                Media("document"u8, document, document.Source, document.Name, document.Context);
                return;
            default:
                writing.RefuseBlock(
                    block,
                    block is ForeignBlock foreign ? $"'{foreign.Type}'" : "content of this kind"
                );
                json.WriteNullValue();
                return;
        }
    }

    private void Text(string text, CacheMark? cache)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteMark(cache);
        json.WriteEndObject();
    }

    private void Reasoning(ReasoningBlock reasoning)
    {
        var hidden = reasoning.Opaque!;
        json.WriteStartObject();
        if (hidden.Kind == OpaqueKind.Redacted)
        {
            json.WriteString("type"u8, "redacted_thinking"u8);
            json.WriteString("data"u8, hidden.Data);
        }
        else
        {
            json.WriteString("type"u8, "thinking"u8);
            json.WriteString("thinking"u8, reasoning.Text);
            json.WriteString("signature"u8, hidden.Data);
        }

        json.WriteEndObject();
    }

    private void Result(ToolResultBlock result)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_result"u8);
        json.WriteString("tool_use_id"u8, ToolIds.Plain(result.ToolUseId));
        json.WriteStartArray("content"u8);
        foreach (var block in result.Content.Where(IsWritten))
        {
            Block(block);
        }

        json.WriteEndArray();
        if (result.IsError)
        {
            json.WriteBoolean("is_error"u8, value: true);
        }

        json.WriteMark(result.Cache);
        json.WriteEndObject();
    }

    private void Media(
        ReadOnlySpan<byte> type,
        Block block,
        Media media,
        string? title,
        string? context
    )
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteStartObject("source"u8);
        switch (media)
        {
            case Hub.Media.Link link:
                json.WriteString("type"u8, "url"u8);
                json.WriteString("url"u8, link.Url);
                break;
            case Hub.Media.PlainText text:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("media_type"u8, "text/plain"u8);
                json.WriteString("data"u8, text.Text);
                break;
            case Hub.Media.File file when writing.Request.Source.Format == FormatNames.Messages:
                json.WriteString("type"u8, "file"u8);
                json.WriteString("file_id"u8, file.Id);
                break;
            default:
                var inline = writing.Inline(block, media);
                json.WriteString("type"u8, "base64"u8);
                json.WriteString("media_type"u8, inline?.MediaType);
                json.WriteString("data"u8, inline?.Data);
                break;
        }

        json.WriteEndObject();
        if (title is not null)
        {
            json.WriteString("title"u8, title);
        }

        if (context is not null)
        {
            json.WriteString("context"u8, context);
        }

        json.WriteMark(block.Cache);
        json.WriteEndObject();
    }
}
