using System.Text;
using ApiSvc.Catalog.Import.Source;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ApiSvc.Catalog.Export;

/// <summary>Writes a document as YAML that means the same, also to readers of YAML 1.1.</summary>
internal static class YamlWriter
{
    // Words that are no text to readers of YAML 1.1 (yaml.org/type), beside those of YAML 1.2.
    private static readonly HashSet<string> OldWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "y",
        "n",
        "yes",
        "no",
        "on",
        "off",
        "<<",
        "=",
    };

    public static byte[] Write(SourceDocument document)
    {
        using var stream = new MemoryStream();
        using (
            var text = new StreamWriter(
                stream,
                new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)
            )
        )
        {
            text.NewLine = "\n";
            var emitter = new Emitter(
                text,
                new EmitterSettings(
                    bestIndent: 2,
                    bestWidth: int.MaxValue,
                    isCanonical: false,
                    maxSimpleKeyLength: 1024
                )
            );
            emitter.Emit(new StreamStart());
            emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: true));
            Write(document.Root, emitter);
            emitter.Emit(new DocumentEnd(isImplicit: true));
            emitter.Emit(new StreamEnd());
        }

        return stream.ToArray();
    }

    private static void Write(SourceNode node, Emitter emitter)
    {
        switch (node.Kind)
        {
            case SourceKind.Object:
                var isEmpty = !node.Properties().Any();
                emitter.Emit(
                    new MappingStart(
                        AnchorName.Empty,
                        TagName.Empty,
                        isImplicit: true,
                        isEmpty ? MappingStyle.Flow : MappingStyle.Block
                    )
                );
                foreach (var (name, value) in node.Properties())
                {
                    emitter.Emit(Text(name, isName: true));
                    Write(value, emitter);
                }

                emitter.Emit(new MappingEnd());
                break;
            case SourceKind.List:
                emitter.Emit(
                    new SequenceStart(
                        AnchorName.Empty,
                        TagName.Empty,
                        isImplicit: true,
                        node.Items().Any() ? SequenceStyle.Block : SequenceStyle.Flow
                    )
                );
                foreach (var item in node.Items())
                {
                    Write(item, emitter);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case SourceKind.Text:
                emitter.Emit(Text(node.Text, isName: false));
                break;
            default:
                emitter.Emit(Scalar(node.Text, ScalarStyle.Plain));
                break;
        }
    }

    private static Scalar Text(string text, bool isName) =>
        Scalar(
            text,
            IsPlain(text) ? ScalarStyle.Plain
                : !isName && IsLiteral(text) ? ScalarStyle.Literal
                : ScalarStyle.DoubleQuoted
        );

    private static Scalar Scalar(string text, ScalarStyle style) =>
        new(
            AnchorName.Empty,
            TagName.Empty,
            text,
            style,
            isPlainImplicit: true,
            isQuotedImplicit: true
        );

    // A small part of what YAML allows unquoted: what is text in all versions, wherever it stands.
    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] is '/' or '$')
        && text[^1] != ' '
        && text.All(c =>
            char.IsAsciiLetterOrDigit(c)
            || c is ' ' or '-' or '_' or '/' or '.' or '$' or '(' or ')' or ';' or '+'
        )
        && !OldWords.Contains(text)
        && YamlScalar.OfPlain(text) is null;

    // Lines of ordinary characters, without blanks that a block would lose or take for indentation.
    private static bool IsLiteral(string text) =>
        text.Contains('\n', StringComparison.Ordinal)
        && text[0] is not (' ' or '\n' or '\t')
        && !text.EndsWith("\n\n", StringComparison.Ordinal)
        && !text.Contains(" \n", StringComparison.Ordinal)
        && !text.EndsWith(' ')
        && text.All(c =>
            c
                is '\n'
                    or (>= ' ' and <= '~')
                    or (>= '\u00A1' and <= '\u2027')
                    or (>= '\u3000' and <= '\uD7FF')
        );
}
