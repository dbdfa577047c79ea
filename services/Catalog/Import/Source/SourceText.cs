using System.Text;
using System.Text.Unicode;

namespace ApiSvc.Catalog.Import.Source;

/// <summary>From bytes to a document, or to the reason why there is none.</summary>
internal static class SourceText
{
    public static (SourceDocument? Document, Finding? Problem) Read(
        ReadOnlyMemory<byte> bytes,
        ImportLimits limits,
        FindingList notes,
        CancellationToken cancellationToken
    )
    {
        if (bytes.Length > limits.MaxBytes)
        {
            return Refuse(
                "too_large",
                0,
                $"A document may have {limits.MaxBytes:N0} bytes; this one has {bytes.Length:N0}."
            );
        }

        if (bytes.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        if (!Utf8.IsValid(bytes.Span))
        {
            return Refuse(
                "not_utf8",
                LineOfFirstInvalid(bytes.Span),
                $"The document is not text in UTF-8."
            );
        }

        var start = bytes.Span.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
        {
            return Refuse("empty", 0, $"There is nothing in the document.");
        }

        // A YAML document can begin with a brace too, but nobody writes specifications in that style; JSON's own
        // messages help more.
        return bytes.Span[start] is (byte)'{' or (byte)'['
            ? JsonSource.Read(bytes, limits, cancellationToken)
            : new YamlSource(limits, notes).Read(bytes, cancellationToken);
    }

    public static (SourceDocument? Document, Finding? Problem) Refuse(
        string code,
        int line,
        FormattableString message
    ) => (null, new(FindingSeverity.Error, code, "", line, FormattableString.Invariant(message)));

    private static int LineOfFirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        while (!bytes.IsEmpty)
        {
            if (
                Rune.DecodeFromUtf8(bytes, out var rune, out var read)
                != System.Buffers.OperationStatus.Done
            )
            {
                break;
            }

            line += rune.Value == '\n' ? 1 : 0;
            bytes = bytes[read..];
        }

        return line;
    }
}
