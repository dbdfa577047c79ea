using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Writes parts of a user's message, and the texts of all others.</summary>
internal sealed class ChatPartWriter(Utf8JsonWriter json, RequestWriting writing)
{
    public void Write(Block block)
    {
        switch (block)
        {
            case ForeignBlock { Format: FormatNames.ChatCompletions } raw:
                raw.Raw.WriteTo(json);
                return;
            case ImageBlock image:
                Image(image);
                return;
            case AudioBlock audio when writing.Inline(audio, audio.Source) is { } sound:
                json.WriteStartObject();
                json.WriteString("type"u8, "input_audio"u8);
                json.WriteStartObject("input_audio"u8);
                json.WriteString("data"u8, sound.Data);
                json.WriteString("format"u8, sound.MediaType.Split('/')[^1]);
                json.WriteEndObject();
                json.WriteEndObject();
                return;
            case DocumentBlock document:
                Document(document);
                return;
            default:
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, Texts([block], ""));
                json.WriteEndObject();
                return;
        }
    }

    private void Image(ImageBlock image)
    {
        if (!writing.Traits.Vision)
        {
            writing.RefuseBlock(image, "images");
        }

        var url = image.Source switch
        {
            Media.Link link => link.Url,
            var other when writing.Inline(image, other) is { } inline =>
                $"data:{inline.MediaType};base64,{inline.Data}",
            _ => "",
        };
        json.WriteStartObject();
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteString("url"u8, url);
        if (image.Detail is not null)
        {
            json.WriteString("detail"u8, image.Detail);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Document(DocumentBlock document)
    {
        json.WriteStartObject();
        if (document.Source is Media.PlainText text)
        {
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, text.Text);
            json.WriteEndObject();
            return;
        }

        json.WriteString("type"u8, "file"u8);
        json.WriteStartObject("file"u8);
        if (
            document.Source is Media.File { Id: var id }
            && writing.Request.Source.Format is FormatNames.ChatCompletions or FormatNames.Responses
        )
        {
            json.WriteString("file_id"u8, id);
        }
        else if (writing.Inline(document, document.Source) is { } inline)
        {
            json.WriteString("filename"u8, document.Name ?? "document.pdf");
            json.WriteString("file_data"u8, $"data:{inline.MediaType};base64,{inline.Data}");
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Texts of blocks; what is no text has no place here, and is refused.
    public string Texts(IReadOnlyList<Block> blocks, string between) =>
        string.Join(
            between,
            blocks.Select(block =>
            {
                switch (block)
                {
                    case TextBlock text:
                        return text.Text;
                    case RefusalBlock refusal:
                        return refusal.Text;
                    case DocumentBlock { Source: Media.PlainText document }:
                        return document.Text;
                    case ReasoningBlock:
                        return "";
                    default:
                        writing.RefuseBlock(
                            block,
                            block is ForeignBlock foreign
                                ? $"'{foreign.Type}'"
                                : "content of this kind"
                        );
                        return "";
                }
            })
        );
}
