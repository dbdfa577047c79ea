using System.Text;
using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>
/// Tokens without a tokenizer: what is reserved before a call, and what is counted where a provider gives no counts. Calibrated on
/// o200k, the tokenizer of OpenAI's models, by kinds of characters; a test says how near it is.
/// </summary>
internal static class TokenEstimate
{
    // Sixtieths of a token. Words of Latin script are long tokens, numbers come in threes, of punctuation each second one is a token;
    // other alphabets have tokens of their own, and of ideographs most are one.
    private const int Unit = 60;
    private const int Letter = 12;
    private const int Digit = 20;
    private const int Punctuation = 30;
    private const int OtherAlphabet = 17;
    private const int Ideograph = 45;
    private const char FirstIdeograph = '\u2E80';

    // Of UTF-8, whatever it holds.
    private const int BytesPerToken = 4;

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
                    + Of((function.Parameters ?? default).Utf8.Span),
                ForeignTool foreign => Of(foreign.Raw.Utf8.Span),
                _ => 0,
            };
        }

        return request.Output is OutputFormat.Schema schema
            ? tokens + Of(schema.Value.Utf8.Span)
            : tokens;
    }

    /// <summary>Of a text.</summary>
    public static long Of(string? text)
    {
        var sum = 0L;
        foreach (var character in text ?? "")
        {
            sum += WeightOf(character);
        }

        return (sum + Unit - 1) / Unit;
    }

    /// <summary>Of a text as UTF-8: JSON that is not read otherwise.</summary>
    public static long Of(ReadOnlySpan<byte> utf8)
    {
        var sum = 0L;
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var length);
            sum += rune.IsBmp ? WeightOf((char)rune.Value) : Ideograph;
            utf8 = utf8[length..];
        }

        return (sum + Unit - 1) / Unit;
    }

    /// <summary>Of so many bytes of UTF-8 that were produced.</summary>
    public static long OfBytes(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    private static int WeightOf(char character) =>
        character switch
        {
            _ when char.IsAsciiDigit(character) => Digit,
            ' ' or '\n' => Letter,
            _ when char.IsLowSurrogate(character) => 0,
            >= FirstIdeograph => Ideograph,
            _ when char.IsAscii(character) => char.IsAsciiLetter(character) ? Letter : Punctuation,
            <= '\u024F' => Letter,
            _ => OtherAlphabet,
        };

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
            ForeignBlock foreign => Of(foreign.Raw.Utf8.Span),
            _ => 0,
        };
}
