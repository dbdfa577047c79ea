using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Ollama;

/// <summary>Writes messages: a text each, images beside it, results of tools under the tool's name.</summary>
internal sealed class OllamaMessageWriter(Utf8JsonWriter json, RequestWriting writing)
{
    private readonly Dictionary<string, string> _names = writing
        .Request.Messages.SelectMany(message => message.Content)
        .OfType<ToolUseBlock>()
        .GroupBy(call => call.Id)
        .ToDictionary(calls => calls.Key, calls => calls.First().Name, StringComparer.Ordinal);

    public void Write()
    {
        foreach (var message in writing.Request.Messages)
        {
            var results = message.Content.OfType<ToolResultBlock>().ToList();
            results.ForEach(Result);
            var rest = message.Content.Where(block => block is not ToolResultBlock).ToList();
            if (rest.Count == 0)
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteString(
                "role"u8,
                message.Role switch
                {
                    Role.System => "system"u8,
                    Role.User => "user"u8,
                    _ => "assistant"u8,
                }
            );
            Content(rest);
            json.WriteEndObject();
        }
    }

    private void Result(ToolResultBlock result)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        if (_names.TryGetValue(result.ToolUseId, out var name))
        {
            json.WriteString("tool_name"u8, name);
        }

        json.WriteString("tool_call_id"u8, result.ToolUseId);
        Content([.. result.Content], result.IsError ? "Error: " : "");
        json.WriteEndObject();
    }

    private void Content(List<Block> blocks, string before = "")
    {
        json.WriteString("content"u8, before + string.Concat(blocks.Select(Text)));
        var thoughts = string.Concat(blocks.OfType<ReasoningBlock>().Select(part => part.Text));
        if (thoughts.Length > 0)
        {
            json.WriteString("thinking"u8, thoughts);
        }

        var images = blocks.OfType<ImageBlock>().ToList();
        if (images.Count > 0)
        {
            json.WriteStartArray("images"u8);
            images.ForEach(image =>
                json.WriteStringValue(writing.Inline(image, image.Source)?.Data)
            );
            json.WriteEndArray();
        }

        var calls = blocks.OfType<ToolUseBlock>().ToList();
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            calls.ForEach(Call);
            json.WriteEndArray();
        }
    }

    private string Text(Block block)
    {
        switch (block)
        {
            case TextBlock text:
                return text.Text;
            case RefusalBlock refusal:
                return refusal.Text;
            case DocumentBlock { Source: Media.PlainText document }:
                return document.Text;
            case ReasoningBlock or ToolUseBlock:
            case ImageBlock when writing.Traits.Vision:
                return "";
            default:
                writing.RefuseBlock(
                    block,
                    block is ForeignBlock foreign ? $"'{foreign.Type}'" : "content of this kind"
                );
                return "";
        }
    }

    private void Call(ToolUseBlock call)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, call.Id);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("arguments"u8);
        json.WriteRawValue(call.Arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
