using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Bedrock;

/// <summary>Writes the system prompt and messages.</summary>
internal sealed class BedrockContentWriter(Utf8JsonWriter json, RequestWriting writing)
{
    private int _documents;

    public static void CachePoint(Utf8JsonWriter json, CacheMark? mark)
    {
        if (mark is null)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("cachePoint"u8);
        json.WriteString("type"u8, "default"u8);
        if (mark.OneHour)
        {
            json.WriteString("ttl"u8, "1h"u8);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void System()
    {
        var blocks = writing
            .Request.Messages.Where(message => message.Role == Role.System)
            .SelectMany(message => message.Content)
            .Where(IsWritten)
            .ToList();
        if (blocks.Count > 0)
        {
            json.WriteStartArray("system"u8);
            blocks.ForEach(Block);
            json.WriteEndArray();
        }
    }

    public void Messages()
    {
        json.WriteStartArray("messages"u8);
        Role? open = null;
        foreach (
            var message in writing.Request.Messages.Where(message => message.Role != Role.System)
        )
        {
            var content = message.Content.Where(IsWritten).ToList();
            if (content.Count == 0)
            {
                continue;
            }

            if (message.Role != open)
            {
                Close(open);
                open = message.Role;
                json.WriteStartObject();
                json.WriteString("role"u8, open == Role.User ? "user"u8 : "assistant"u8);
                json.WriteStartArray("content"u8);
            }

            content.ForEach(Block);
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

    // Blank texts are refused there, and reasoning of others means nothing.
    private bool IsWritten(Block block) =>
        block switch
        {
            TextBlock text => !string.IsNullOrWhiteSpace(text.Text),
            RefusalBlock refusal => !string.IsNullOrWhiteSpace(refusal.Text),
            ReasoningBlock reasoning => writing.Own(reasoning.Opaque, FormatNames.Bedrock)
                is { Kind: OpaqueKind.Signature or OpaqueKind.Redacted },
            _ => true,
        };

    private void Block(Block block)
    {
        json.WriteStartObject();
        switch (block)
        {
            case TextBlock text:
                json.WriteString("text"u8, text.Text);
                break;
            case RefusalBlock refusal:
                json.WriteString("text"u8, refusal.Text);
                break;
            case DocumentBlock { Source: Media.PlainText document }:
                json.WriteString("text"u8, document.Text);
                break;
            case ReasoningBlock reasoning:
                Reasoning(reasoning);
                break;
            case ToolUseBlock call:
                json.WriteStartObject("toolUse"u8);
                json.WriteString("toolUseId"u8, ToolIds.Plain(call.Id));
                json.WriteString("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                json.WriteRawValue(call.Arguments);
                json.WriteEndObject();
                break;
            case ToolResultBlock result:
                Result(result);
                break;
            case ImageBlock image when writing.Traits.Vision:
                Bytes("image"u8, image, image.Source, name: null);
                break;
            case DocumentBlock document:
                Bytes("document"u8, document, document.Source, Name(document.Name));
                break;
            default:
                writing.RefuseBlock(
                    block,
                    block is ForeignBlock foreign ? $"'{foreign.Type}'" : "content of this kind"
                );
                break;
        }

        json.WriteEndObject();
        CachePoint(json, block.Cache);
    }

    private void Reasoning(ReasoningBlock reasoning)
    {
        var own = reasoning.Opaque!;
        json.WriteStartObject("reasoningContent"u8);
        if (own.Kind == OpaqueKind.Redacted)
        {
            json.WriteString("redactedContent"u8, own.Data);
        }
        else
        {
            json.WriteStartObject("reasoningText"u8);
            json.WriteString("text"u8, reasoning.Text);
            json.WriteString("signature"u8, own.Data);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void Result(ToolResultBlock result)
    {
        json.WriteStartObject("toolResult"u8);
        json.WriteString("toolUseId"u8, ToolIds.Plain(result.ToolUseId));
        json.WriteStartArray("content"u8);
        var content = result.Content.Where(IsWritten).ToList();
        if (content.Count == 0)
        {
            // A result has to have something, and a tool may have nothing to say.
            content.Add(new TextBlock("(empty)"));
        }

        content.ForEach(Block);
        json.WriteEndArray();
        json.WriteString("status"u8, result.IsError ? "error"u8 : "success"u8);
        json.WriteEndObject();
    }

    private void Bytes(ReadOnlySpan<byte> kind, Block block, Media media, string? name)
    {
        var inline = writing.Inline(block, media);
        json.WriteStartObject(kind);
        json.WriteString("format"u8, Format(inline?.MediaType ?? ""));
        if (name is not null)
        {
            json.WriteString("name"u8, name);
        }

        json.WriteStartObject("source"u8);
        json.WriteString("bytes"u8, inline?.Data);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Format(string mediaType) =>
        mediaType switch
        {
            "text/plain" => "txt",
            "text/markdown" => "md",
            "application/msword" => "doc",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
            "application/vnd.ms-excel" => "xls",
            "image/jpg" => "jpeg",
            _ => mediaType.Split('/')[^1],
        };

    // Letters, digits, single spaces, hyphens and brackets; and each name once.
    private string Name(string? title)
    {
        var cleaned = new string([.. (title ?? "document").Select(Allowed)]).Trim();
        return $"{cleaned} {++_documents}";
    }

    private static char Allowed(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '(' or ')' or '[' or ']' ? c : '-';
}
