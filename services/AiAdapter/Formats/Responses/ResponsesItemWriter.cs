using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>Writes messages as input items.</summary>
internal sealed class ResponsesItemWriter(Utf8JsonWriter json, RequestWriting writing)
{
    public void Write()
    {
        foreach (var message in writing.Request.Messages)
        {
            var open = false;
            foreach (var block in message.Content)
            {
                var isItem =
                    block is ToolUseBlock or ToolResultBlock or ReasoningBlock or ForeignBlock;
                if (isItem && open)
                {
                    Close();
                    open = false;
                }

                if (isItem)
                {
                    Item(block);
                    continue;
                }

                if (!open)
                {
                    open = true;
                    Open(message.Role);
                }

                Part(block, message.Role);
            }

            if (open)
            {
                Close();
            }
        }
    }

    private void Open(Role role)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString(
            "role"u8,
            role switch
            {
                Role.System => "developer"u8,
                Role.User => "user"u8,
                _ => "assistant"u8,
            }
        );
        json.WriteStartArray("content"u8);
    }

    private void Close()
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Item(Block block)
    {
        switch (block)
        {
            case ForeignBlock { Format: FormatNames.Responses } raw:
                raw.Raw.WriteTo(json);
                break;
            case ToolUseBlock call:
                json.WriteStartObject();
                json.WriteString("type"u8, "function_call"u8);
                json.WriteString("call_id"u8, call.Id);
                json.WriteString("name"u8, call.Name);
                json.WriteString("arguments"u8, call.Arguments);
                json.WriteEndObject();
                break;
            case ToolResultBlock result:
                Result(result);
                break;
            case ReasoningBlock reasoning:
                Reasoning(reasoning);
                break;
            default:
                writing.RefuseBlock(block, $"'{((ForeignBlock)block).Type}'");
                break;
        }
    }

    private void Result(ToolResultBlock result)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call_output"u8);
        json.WriteString("call_id"u8, result.ToolUseId);
        if (result.Content.All(block => block is TextBlock))
        {
            // There is no place for "it failed" but the text.
            var text = string.Join(
                '\n',
                result.Content.Cast<TextBlock>().Select(part => part.Text)
            );
            json.WriteString("output"u8, result.IsError ? $"Error: {text}" : text);
        }
        else
        {
            json.WriteStartArray("output"u8);
            foreach (var block in result.Content)
            {
                Part(block, Role.User);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void Reasoning(ReasoningBlock reasoning)
    {
        if (
            writing.Own(reasoning.Opaque, FormatNames.Responses)
            is not { Kind: OpaqueKind.Encrypted } own
        )
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        if (reasoning.Text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "summary_text"u8);
            json.WriteString("text"u8, reasoning.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("encrypted_content"u8, own.Data);
        json.WriteEndObject();
    }

    private void Part(Block block, Role role)
    {
        json.WriteStartObject();
        switch (block)
        {
            case TextBlock text:
                json.WriteString(
                    "type"u8,
                    role == Role.Assistant ? "output_text"u8 : "input_text"u8
                );
                json.WriteString("text"u8, text.Text);
                break;
            case RefusalBlock refusal:
                json.WriteString("type"u8, "refusal"u8);
                json.WriteString("refusal"u8, refusal.Text);
                break;
            case ImageBlock image when writing.Traits.Vision:
                Image(image);
                break;
            case DocumentBlock document:
                Document(document);
                break;
            default:
                writing.RefuseBlock(
                    block,
                    block is ForeignBlock foreign ? $"'{foreign.Type}'" : "content of this kind"
                );
                break;
        }

        json.WriteEndObject();
    }

    private void Image(ImageBlock image)
    {
        json.WriteString("type"u8, "input_image"u8);
        json.WriteString("detail"u8, image.Detail ?? "auto");
        switch (image.Source)
        {
            case Media.Link link:
                json.WriteString("image_url"u8, link.Url);
                break;
            case Media.File file when OfOpenAi():
                json.WriteString("file_id"u8, file.Id);
                break;
            default:
                var inline = writing.Inline(image, image.Source);
                json.WriteString("image_url"u8, $"data:{inline?.MediaType};base64,{inline?.Data}");
                break;
        }
    }

    private void Document(DocumentBlock document)
    {
        if (document.Source is Media.PlainText text)
        {
            json.WriteString("type"u8, "input_text"u8);
            json.WriteString("text"u8, text.Text);
            return;
        }

        json.WriteString("type"u8, "input_file"u8);
        switch (document.Source)
        {
            case Media.Link link:
                json.WriteString("file_url"u8, link.Url);
                break;
            case Media.File file when OfOpenAi():
                json.WriteString("file_id"u8, file.Id);
                break;
            default:
                var inline = writing.Inline(document, document.Source);
                json.WriteString("filename"u8, document.Name ?? "document.pdf");
                json.WriteString("file_data"u8, $"data:{inline?.MediaType};base64,{inline?.Data}");
                break;
        }
    }

    private bool OfOpenAi() =>
        writing.Request.Source.Format is FormatNames.Responses or FormatNames.ChatCompletions;
}
