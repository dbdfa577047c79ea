using System.Runtime.InteropServices;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ApiSvc.Catalog.Import.Source;

/// <summary>
/// Turns YAML into the JSON that it means, with the lines of the YAML. Aliases are written out as often as they are
/// used, so what they may add is limited before it is added.
/// </summary>
internal sealed class YamlSource(ImportLimits limits, FindingList notes)
{
    private readonly Dictionary<AnchorName, int> _anchors = [];
    private readonly Stack<Collection> _open = new();
    private SourceBuilder _builder = new(0);
    private long _aliasBytes;
    private int _documents;
    private MergeState _merge;

    private sealed class Collection(SourceKind kind)
    {
        public SourceKind Kind { get; } = kind;

        public int Index { get; init; }

        public bool AtName { get; set; } = true;

        // What "<<" names: merged when the rest is known, since that has precedence.
        public List<int> Merged { get; } = [];
    }

    // Where the reading of a merge key ("<<", below) is.
    private enum MergeState
    {
        None,
        AtValue,
        InList,
    }

    public (SourceDocument? Document, Finding? Problem) Read(
        ReadOnlyMemory<byte> yaml,
        CancellationToken cancellationToken
    )
    {
        _builder = new(yaml.Length);
        using var reader = new StreamReader(StreamOver(yaml), Encoding.UTF8);
        var parser = new Parser(reader);
        try
        {
            while (parser.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Take(parser.Current!) is { } problem)
                {
                    return (null, problem);
                }
            }
        }
        catch (YamlException e)
        {
            return SourceText.Refuse(
                "malformed",
                (int)e.Start.Line,
                $"This is neither JSON nor valid YAML: {e.Message}"
            );
        }
        catch (Exception e) when (e.Source == typeof(Parser).Assembly.GetName().Name)
        {
            // The parser's own state goes wrong on some damaged texts, where it should say what it did not expect.
            return SourceText.Refuse(
                "malformed",
                (int)(parser.Current?.End.Line ?? 0),
                $"This is neither JSON nor valid YAML."
            );
        }

        if (_builder.Count == 0)
        {
            return SourceText.Refuse("empty", 0, $"There is nothing in the document.");
        }

        var document = _builder.Build(DocumentSyntax.Yaml);
        notes.Source = document;
        return IsTooDeep(document) ? TooDeep(0) : (document, null);
    }

    private Finding? Take(ParsingEvent e)
    {
        var line = (int)e.Start.Line;
        if (_builder.Count >= limits.MaxNodes)
        {
            return SourceText
                .Refuse(
                    "too_complex",
                    line,
                    $"A document may have {limits.MaxNodes:N0} values and names."
                )
                .Item2;
        }

        if (_merge != MergeState.None && TakeMerge(e, line) is (true, var refused))
        {
            return refused;
        }

        switch (e)
        {
            case DocumentStart when ++_documents > 1:
                return Malformed(line, $"There is more than one YAML document in it.");
            case MappingStart or SequenceStart:
                return Open((NodeEvent)e, line);
            case MappingEnd or SequenceEnd:
                return Close(line);
            case Scalar scalar:
                return Scalar(scalar, line);
            case AnchorAlias alias:
                return Alias(alias, line);
            default:
                return null;
        }
    }

    private Finding? Open(NodeEvent e, int line)
    {
        if (_open.TryPeek(out var parent) && parent is { Kind: SourceKind.Object, AtName: true })
        {
            return Malformed(line, $"A name must be text, not a list or an object.");
        }

        if (_builder.Depth >= limits.MaxDepth)
        {
            return TooDeep(line).Item2;
        }

        var kind = e is MappingStart ? SourceKind.Object : SourceKind.List;
        var index = _builder.Open(kind, line);
        _open.Push(new(kind) { Index = index });
        Anchor(e, index);
        NoteTag(e.Tag, index);
        return null;
    }

    private Finding? Close(int line)
    {
        var closed = _open.Pop();
        foreach (var source in closed.Merged)
        {
            if (Merge(closed, source, line) is { } problem)
            {
                return problem;
            }
        }

        _builder.Close(closed.Kind);
        ValueDone();
        return null;
    }

    private Finding? Scalar(Scalar scalar, int line)
    {
        if (_open.TryPeek(out var parent) && parent is { Kind: SourceKind.Object, AtName: true })
        {
            if (scalar is { Value: "<<", Style: ScalarStyle.Plain })
            {
                _merge = MergeState.AtValue;
                return null;
            }

            Anchor(scalar, _builder.AddName(scalar.Value, line));
            parent.AtName = false;
            return null;
        }

        var resolved = YamlScalar.Resolve(scalar, out var unknownTag);
        var index = resolved is var (kind, json)
            ? _builder.AddLiteral(kind, json, line)
            : _builder.AddText(scalar.Value, line);
        Anchor(scalar, index);
        if (unknownTag)
        {
            NoteTag(scalar.Tag, index);
        }

        ValueDone();
        return null;
    }

    private Finding? Alias(AnchorAlias alias, int line)
    {
        if (!_anchors.TryGetValue(alias.Value, out var index))
        {
            return Malformed(line, $"There is no anchor '{alias.Value.Value}' before its alias.");
        }

        if (_builder[index].End == 0)
        {
            return SourceText
                .Refuse(
                    "alias_expansion",
                    line,
                    $"The alias '{alias.Value.Value}' is inside of what it stands for."
                )
                .Item2;
        }

        var inName =
            _open.TryPeek(out var parent) && parent is { Kind: SourceKind.Object, AtName: true };
        if (inName)
        {
            if (_builder[index].Kind is not (SourceKind.Text or SourceKind.Name))
            {
                return Malformed(
                    line,
                    $"A name must be text, and the alias '{alias.Value.Value}' stands for something else."
                );
            }

            _builder.AddName(_builder.TextOf(index), line);
            parent!.AtName = false;
            return null;
        }

        return Repeat(index, line) ?? Done();
    }

    private Finding? Done()
    {
        ValueDone();
        return null;
    }

    private Finding? Repeat(int index, int line)
    {
        var source = _builder[index];
        _aliasBytes += source.Length;
        if (
            _aliasBytes > limits.MaxAliasBytes
            || _builder.Count + (source.End - index) > limits.MaxNodes
        )
        {
            return SourceText
                .Refuse(
                    "alias_expansion",
                    line,
                    $"Written out, the aliases would add more than {limits.MaxAliasBytes:N0} bytes or make more than {limits.MaxNodes:N0} values."
                )
                .Item2;
        }

        _builder.Repeat(index, line);
        return null;
    }

    // "<<" is YAML 1.1's merge key, which authors use although OpenAPI names YAML 1.2: the names of what it stands for
    // that the object does not have itself. Where its value is no alias it is a name like any other.
    private (bool Taken, Finding? Problem) TakeMerge(ParsingEvent e, int line)
    {
        var parent = _open.Peek();
        switch (e)
        {
            case AnchorAlias alias
                when _anchors.TryGetValue(alias.Value, out var index) && IsWholeObject(index):
                parent.Merged.Add(index);
                _merge = _merge == MergeState.InList ? MergeState.InList : MergeState.None;
                return (true, null);
            case SequenceStart when _merge == MergeState.AtValue:
                _merge = MergeState.InList;
                return (true, null);
            case SequenceEnd when _merge == MergeState.InList:
                _merge = MergeState.None;
                return (true, null);
            case var _ when _merge == MergeState.InList:
                return (true, Malformed(line, $"A list after '<<' holds aliases of objects only."));
            default:
                _merge = MergeState.None;
                _builder.AddName("<<", line);
                parent.AtName = false;
                return (false, null);
        }
    }

    private bool IsWholeObject(int index) =>
        _builder[index] is { Kind: SourceKind.Object, End: > 0 };

    private Finding? Merge(Collection into, int source, int line)
    {
        var present = NamesOf(into.Index, _builder.Count);
        for (var at = source + 1; at < _builder[source].End; at = _builder[at + 1].End)
        {
            var name = _builder.TextOf(at);
            if (present.Add(name))
            {
                _builder.AddName(name, line);
                if (Repeat(at + 1, line) is { } problem)
                {
                    return problem;
                }
            }
        }

        return null;
    }

    private HashSet<string> NamesOf(int index, int end)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var at = index + 1; at < end; at = _builder[at + 1].End)
        {
            names.Add(_builder.TextOf(at));
        }

        return names;
    }

    private void ValueDone()
    {
        if (!_open.TryPeek(out var parent) || parent.Kind != SourceKind.Object)
        {
            return;
        }

        parent.AtName = true;
    }

    private void Anchor(NodeEvent e, int index)
    {
        if (!e.Anchor.IsEmpty)
        {
            _anchors[e.Anchor] = index;
        }
    }

    private void NoteTag(TagName tag, int index)
    {
        if (
            !tag.IsEmpty
            && !tag.IsNonSpecific
            && !tag.Value.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal)
        )
        {
            notes.Add(
                FindingSeverity.Warning,
                "unknown_tag",
                index,
                $"The YAML tag '{tag.Value}' means nothing here and is dropped; the value is taken as it stands."
            );
        }
    }

    private static MemoryStream StreamOver(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new(bytes.ToArray(), writable: false);

    private (SourceDocument?, Finding?) TooDeep(int line) =>
        SourceText.Refuse(
            "too_deep",
            line,
            $"Objects and lists may be {limits.MaxDepth} deep in each other."
        );

    private static Finding? Malformed(int line, FormattableString message) =>
        SourceText.Refuse("malformed", line, message).Item2;

    // Aliases can nest what is flat in the text.
    private bool IsTooDeep(SourceDocument document)
    {
        var ends = new Stack<int>();
        for (var at = 0; at < document.Count; at++)
        {
            while (ends.TryPeek(out var end) && end <= at)
            {
                ends.Pop();
            }

            if (document[at].Kind is SourceKind.Object or SourceKind.List)
            {
                ends.Push(document[at].End);
                if (ends.Count > limits.MaxDepth)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
