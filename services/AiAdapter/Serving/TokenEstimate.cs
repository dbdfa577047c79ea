using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>
/// Tokens without a tokenizer: what is reserved before a call, and what is counted where a provider gives no counts. Tokenizers of
/// today's models take about four letters of Latin script to a token, and about one character of others.
/// </summary>
internal static class TokenEstimate
{
    private const int LettersPerToken = 4;

    // What makes a message of a text: role and separators.
    private const int PerMessage = 4;

    // As OpenAI and Anthropic count one of usual size.
    private const int PerImage = 1000;

    // Of base64, as a rough measure of pages.
    private const int DocumentBytesPerToken = 12;

    /// <summary>Of the whole prompt.</summary>
    public static long Of(HubRequest request)
    {
        var tokens = 0L;
        foreach (var message in request.Messages)
        {
            tokens += PerMessage;
            foreach (var block in message.Content)
            {
                tokens += Of(block);
            }
        }

        foreach (var tool in request.Tools)
        {
            tokens += tool switch
            {
                FunctionTool function => Of(function.Name)
                    + Of(function.Description)
                    + Of(function.Parameters?.ToString()),
                ForeignTool foreign => Of(foreign.Raw.ToString()),
                _ => 0,
            };
        }

        return request.Output is OutputFormat.Schema schema
            ? tokens + Of(schema.Value.ToString())
            : tokens;
    }

    /// <summary>Of a text.</summary>
    public static long Of(string? text)
    {
        var (latin, other) = (0L, 0L);
        foreach (var character in text ?? "")
        {
            if (char.IsAscii(character))
            {
                latin++;
            }
            else if (!char.IsLowSurrogate(character))
            {
                other++;
            }
        }

        return ((latin + LettersPerToken - 1) / LettersPerToken) + other;
    }

    /// <summary>Of so many bytes of UTF-8 that were produced.</summary>
    public static long OfBytes(long bytes) => (bytes + LettersPerToken - 1) / LettersPerToken;

    private static long Of(Block block) =>
        block switch
        {
            TextBlock text => Of(text.Text),
            RefusalBlock refusal => Of(refusal.Text),
            ReasoningBlock reasoning => Of(reasoning.Text),
            ToolUseBlock use => Of(use.Name) + Of(use.Arguments),
            ToolResultBlock result => result.Content.Sum(Of),
            ImageBlock => PerImage,
            DocumentBlock { Source: Media.Inline inline } => inline.Data.Length
                / DocumentBytesPerToken,
            DocumentBlock { Source: Media.PlainText text } => Of(text.Text),
            ForeignBlock foreign => Of(foreign.Raw.ToString()),
            _ => 0,
        };
}
