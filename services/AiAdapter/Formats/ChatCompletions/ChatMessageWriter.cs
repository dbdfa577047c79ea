using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Writes messages: each tool's result is one of its own here.</summary>
internal sealed class ChatMessageWriter(Utf8JsonWriter json, RequestWriting writing)
{
    private readonly Quirks _quirks = writing.Deployment.Provider.Quirks;
    private readonly ChatPartWriter _parts = new(json, writing);

    public void Write()
    {
        foreach (var message in writing.Request.Messages)
        {
            switch (message.Role)
            {
                case Role.System:
                    Plain("system", message.Content);
                    break;
                case Role.Assistant:
                    Assistant(message.Content);
                    break;
                default:
                    User(message.Content);
                    break;
            }
        }
    }

    private void Plain(string role, IReadOnlyList<Block> content)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, _parts.Texts(content, "\n\n"));
        json.WriteEndObject();
    }

    private void User(IReadOnlyList<Block> content)
    {
        List<Block> rest = [];
        foreach (var block in content)
        {
            if (block is ToolResultBlock result)
            {
                Result(result);

                // A tool's message takes text only: what it shows follows as the user's.
                rest.AddRange(
                    result.Content.Where(part => part is ImageBlock or DocumentBlock or AudioBlock)
                );
            }
            else
            {
                rest.Add(block);
            }
        }

        if (rest.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        if (rest is [TextBlock only])
        {
            json.WriteString("content"u8, only.Text);
        }
        else
        {
            json.WriteStartArray("content"u8);
            rest.ForEach(_parts.Write);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void Result(ToolResultBlock result)
    {
        var text = _parts.Texts(
            [
                .. result.Content.Where(part =>
                    part is not (ImageBlock or DocumentBlock or AudioBlock)
                ),
            ],
            "\n"
        );
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, Id(result.ToolUseId));

        // There is no place for "it failed" but the text.
        json.WriteString("content"u8, result.IsError ? $"Error: {text}" : text);
        json.WriteEndObject();
    }

    private void Assistant(IReadOnlyList<Block> content)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        var calls = content.OfType<ToolUseBlock>().ToList();
        var text = _parts.Texts(
            [
                .. content.Where(part =>
                    part is not (ToolUseBlock or ReasoningBlock or RefusalBlock or ForeignBlock)
                ),
            ],
            ""
        );
        if (text.Length > 0 || calls.Count == 0)
        {
            json.WriteString("content"u8, text);
        }
        else
        {
            json.WriteNull("content"u8);
        }

        var refusals = content.OfType<RefusalBlock>().Select(part => part.Text).ToList();
        if (refusals.Count > 0)
        {
            json.WriteString("refusal"u8, string.Concat(refusals));
        }

        Reasoning(content.OfType<ReasoningBlock>().ToList());
        Calls(calls, [.. content.OfType<ForeignBlock>()]);
        json.WriteEndObject();
    }

    private void Reasoning(List<ReasoningBlock> reasoning)
    {
        var text = string.Concat(reasoning.Select(part => part.Text));
        if (_quirks.ReasoningHistory && text.Length > 0)
        {
            json.WriteString("reasoning_content"u8, text);
        }

        var own = reasoning
            .Where(part => writing.Own(part.Opaque, FormatNames.ChatCompletions) is not null)
            .ToList();
        if (own.Count == 0)
        {
            return;
        }

        json.WriteStartArray("reasoning_details"u8);
        foreach (var part in own)
        {
            var signs = part.Opaque!.Kind == OpaqueKind.Signature;
            json.WriteStartObject();
            json.WriteString("type"u8, signs ? "reasoning.text"u8 : "reasoning.encrypted"u8);
            if (signs)
            {
                json.WriteString("text"u8, part.Text);
            }

            json.WriteString(signs ? "signature"u8 : "data"u8, part.Opaque.Data);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Calls(List<ToolUseBlock> calls, List<ForeignBlock> foreign)
    {
        foreach (var block in foreign.Where(block => block.Format != FormatNames.ChatCompletions))
        {
            writing.RefuseBlock(block, $"'{block.Type}'");
        }

        if (calls.Count + foreign.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, Id(call.Id));
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        foreach (var block in foreign)
        {
            block.Raw.WriteTo(json);
        }

        json.WriteEndArray();
    }

    private string Id(string id) => _quirks.NineCharacterIds ? ToolIds.Nine(id) : id;
}
