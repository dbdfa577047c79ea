using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Gemini;

/// <summary>Writes contents: turns of parts. Results of tools are found by name and order there.</summary>
internal sealed class GeminiContentWriter(Utf8JsonWriter json, RequestWriting writing)
{
    // Takes the place of a signature that another model's call cannot have.
    private const string NoSignature = "skip_thought_signature_validator";

    private readonly Dictionary<string, string> _names = writing
        .Request.Messages.SelectMany(message => message.Content)
        .OfType<ToolUseBlock>()
        .GroupBy(call => call.Id)
        .ToDictionary(calls => calls.Key, calls => calls.First().Name, StringComparer.Ordinal);

    public void System()
    {
        var blocks = writing
            .Request.Messages.Where(message => message.Role == Role.System)
            .SelectMany(message => message.Content)
            .ToList();
        if (blocks.Count == 0)
        {
            return;
        }

        json.WriteStartObject("systemInstruction"u8);
        json.WriteStartArray("parts"u8);
        Parts(blocks);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void Contents()
    {
        json.WriteStartArray("contents"u8);
        Role? open = null;
        foreach (
            var message in writing.Request.Messages.Where(message => message.Role != Role.System)
        )
        {
            if (message.Role != open)
            {
                Close(open);
                open = message.Role;
                json.WriteStartObject();
                json.WriteString("role"u8, open == Role.User ? "user"u8 : "model"u8);
                json.WriteStartArray("parts"u8);
            }

            Parts(message.Content);
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

    private void Parts(IReadOnlyList<Block> blocks)
    {
        string? signature = null;
        var isFirstCall = true;
        foreach (var block in blocks)
        {
            if (block is ReasoningBlock reasoning)
            {
                signature = Reasoning(reasoning, signature);
                continue;
            }

            if (block is ToolUseBlock call)
            {
                Call(call, signature ?? (isFirstCall ? Missing() : null));
                signature = null;
                isFirstCall = false;
                continue;
            }

            Signed(signature);
            signature = null;
            Part(block);
        }

        Signed(signature);
    }

    // Only calls of models from 3 on are checked, and only the first of a turn.
    private string? Missing()
    {
        const string Name = "gemini-";
        var model = writing.Deployment.Model;
        return
            model.StartsWith(Name, StringComparison.Ordinal)
            && model.Length > Name.Length
            && model[Name.Length] is >= '3' and <= '9'
            ? NoSignature
            : null;
    }

    private string? Reasoning(ReasoningBlock reasoning, string? before)
    {
        if (writing.Own(reasoning.Opaque, FormatNames.Gemini) is not { } own)
        {
            return before;
        }

        Signed(before);
        if (reasoning.Text.Length == 0)
        {
            return own.Data;
        }

        json.WriteStartObject();
        json.WriteString("text"u8, reasoning.Text);
        json.WriteBoolean("thought"u8, value: true);
        json.WriteString("thoughtSignature"u8, own.Data);
        json.WriteEndObject();
        return null;
    }

    // A signature whose part was a text: an empty one carries it as well.
    private void Signed(string? signature)
    {
        if (signature is not null)
        {
            json.WriteStartObject();
            json.WriteString("text"u8, ""u8);
            json.WriteString("thoughtSignature"u8, signature);
            json.WriteEndObject();
        }
    }

    private void Call(ToolUseBlock call, string? signature)
    {
        json.WriteStartObject();
        json.WriteStartObject("functionCall"u8);
        json.WriteString("id"u8, call.Id);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("args"u8);
        json.WriteRawValue(call.Arguments);
        json.WriteEndObject();
        if (signature is not null)
        {
            json.WriteString("thoughtSignature"u8, signature);
        }

        json.WriteEndObject();
    }

    private void Part(Block block)
    {
        switch (block)
        {
            case TextBlock text:
                Text(text.Text);
                break;
            case RefusalBlock refusal:
                Text(refusal.Text);
                break;
            case DocumentBlock { Source: Media.PlainText document }:
                Text(document.Text);
                break;
            case ImageBlock image when writing.Traits.Vision:
                Inline(image, image.Source);
                break;
            case DocumentBlock document:
                Inline(document, document.Source);
                break;
            case AudioBlock audio:
                Inline(audio, audio.Source);
                break;
            case ToolResultBlock result:
                Result(result);
                break;
            default:
                writing.RefuseBlock(
                    block,
                    block is ForeignBlock foreign ? $"'{foreign.Type}'" : "content of this kind"
                );
                break;
        }
    }

    private void Text(string text)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    private void Inline(Block block, Media media)
    {
        // Its own storage is the one place it reads from.
        if (media is Media.Link link && link.Url.StartsWith("gs://", StringComparison.Ordinal))
        {
            json.WriteStartObject();
            json.WriteStartObject("fileData"u8);
            json.WriteString("fileUri"u8, link.Url);
            json.WriteEndObject();
            json.WriteEndObject();
            return;
        }

        if (writing.Inline(block, media) is { } inline)
        {
            json.WriteStartObject();
            json.WriteStartObject("inlineData"u8);
            json.WriteString("mimeType"u8, inline.MediaType);
            json.WriteString("data"u8, inline.Data);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private void Result(ToolResultBlock result)
    {
        if (!_names.TryGetValue(result.ToolUseId, out var name))
        {
            writing.Refuse(result.At, $"No call before it has the id '{result.ToolUseId}'.");
            return;
        }

        var text = string.Join('\n', result.Content.OfType<TextBlock>().Select(part => part.Text));
        json.WriteStartObject();
        json.WriteStartObject("functionResponse"u8);
        json.WriteString("id"u8, result.ToolUseId);
        json.WriteString("name"u8, name);
        json.WritePropertyName("response"u8);
        if (!result.IsError && RequestReading.IsObject(text))
        {
            json.WriteRawValue(text);
        }
        else
        {
            json.WriteStartObject();
            json.WriteString(result.IsError ? "error"u8 : "result"u8, text);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        foreach (var block in result.Content.Where(part => part is not TextBlock))
        {
            Part(block);
        }
    }
}
