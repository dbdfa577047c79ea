using System.Text.Json;

namespace ApiSvc.Catalog.Import.Source;

/// <summary>Finds the values of a JSON text (RFC 8259) and their lines in one pass.</summary>
internal static class JsonSource
{
    // What documents have, roughly: it saves growing.
    private const int BytesPerToken = 12;

    public static (SourceDocument? Document, Finding? Problem) Read(
        ReadOnlyMemory<byte> json,
        ImportLimits limits,
        CancellationToken cancellationToken
    )
    {
        var bytes = json.Span;
        var tokens = new TokenList(Math.Min(limits.MaxNodes, bytes.Length / BytesPerToken));
        var reader = new Utf8JsonReader(bytes, new() { MaxDepth = limits.MaxDepth + 1 });
        var line = 1;
        var counted = 0;
        try
        {
            while (reader.Read())
            {
                var offset = (int)reader.TokenStartIndex;
                line += bytes[counted..offset].Count((byte)'\n');
                counted = offset;
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    tokens.Close(offset + 1);
                    continue;
                }

                if (Exceeded(tokens, reader.TokenType, limits, line) is { } exceeded)
                {
                    return (null, exceeded);
                }

                var length = (int)(reader.BytesConsumed - offset);
                tokens.Add(
                    KindOf(reader.TokenType),
                    offset,
                    TrimName(bytes, offset, length, reader.TokenType),
                    line,
                    reader.ValueIsEscaped
                );
                if (tokens.Count % 65_536 == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
        catch (JsonException e)
        {
            return SourceText.Refuse(
                "malformed",
                (int)(e.LineNumber ?? 0) + 1,
                $"This is not valid JSON: {Reason(e)}"
            );
        }

        return (new(json, tokens.ToArray(), tokens.Count, DocumentSyntax.Json), null);
    }

    private static Finding? Exceeded(
        TokenList tokens,
        JsonTokenType type,
        ImportLimits limits,
        int line
    ) =>
        tokens.Depth >= limits.MaxDepth
        && type is (JsonTokenType.StartObject or JsonTokenType.StartArray)
            ? SourceText
                .Refuse(
                    "too_deep",
                    line,
                    $"Objects and lists may be {limits.MaxDepth} deep in each other."
                )
                .Problem
        : tokens.Count >= limits.MaxNodes
            ? SourceText
                .Refuse(
                    "too_complex",
                    line,
                    $"A document may have {limits.MaxNodes:N0} values and names."
                )
                .Problem
        : null;

    // The reader has consumed the colon with the name, and blanks before it.
    private static int TrimName(
        ReadOnlySpan<byte> bytes,
        int offset,
        int length,
        JsonTokenType type
    ) =>
        type == JsonTokenType.PropertyName
            ? bytes.Slice(offset, length).LastIndexOf((byte)'"') + 1
            : length;

    private static SourceKind KindOf(JsonTokenType type) =>
        type switch
        {
            JsonTokenType.StartObject => SourceKind.Object,
            JsonTokenType.StartArray => SourceKind.List,
            JsonTokenType.PropertyName => SourceKind.Name,
            JsonTokenType.String => SourceKind.Text,
            JsonTokenType.Number => SourceKind.Number,
            JsonTokenType.True => SourceKind.True,
            JsonTokenType.False => SourceKind.False,
            _ => SourceKind.Null,
        };

    // The position is in the finding already.
    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
