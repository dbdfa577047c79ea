using System.Collections.Frozen;
using System.Globalization;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Import;

/// <summary>What the readers of a document's parts share: the findings, the references, and reading fields by type.</summary>
internal sealed class ReadingContext(
    SourceDocument source,
    SpecificationFormat format,
    FindingList findings
)
{
    public SourceDocument Source { get; } = source;

    public SpecificationFormat Format { get; } = format;

    public bool IsSwagger => Format == SpecificationFormat.Swagger20;

    public FindingList Findings { get; } = findings;

    public References References { get; } = new(source);

    /// <summary>What a node is or refers to, if it is an object. That a reference names nothing is told elsewhere.</summary>
    public SourceNode? Resolve(SourceNode node, string what)
    {
        if (References.Follow(node) is not { } target)
        {
            var reference = node.Find("$ref")!.Value;
            if (References.Target(Source.Root, reference.Text) is not null)
            {
                Findings.Error(
                    "circular_reference",
                    reference,
                    $"The references of this {what} go in a circle, or lead to nothing."
                );
            }
            else if (!reference.Text.StartsWith('#'))
            {
                Findings.Raise(
                    "external_reference",
                    reference,
                    $"This {what} is outside of the document, '{reference.Text}', and is missing here: bring it as one document."
                );
            }

            return null;
        }

        return Expect(target, SourceKind.Object, what) ? target : null;
    }

    /// <summary>Whether it is of that kind; if not, that is an error.</summary>
    public bool Expect(SourceNode node, SourceKind kind, string what)
    {
        if (node.Kind == kind)
        {
            return true;
        }

        Findings.Error(
            "wrong_type",
            node,
            $"A {what} must be {Say(kind)}, and this is {Say(node.Kind)}."
        );
        return false;
    }

    public SourceNode? ObjectAt(SourceNode owner, string name) =>
        At(owner, name, SourceKind.Object);

    public SourceNode? ListAt(SourceNode owner, string name) => At(owner, name, SourceKind.List);

    /// <summary>A field's text, or an empty one. A number is taken as it is written: YAML makes one of <c>version: 1.0</c>.</summary>
    public string TextAt(SourceNode owner, string name)
    {
        if (owner.Find(name) is not { Kind: not SourceKind.Null } value)
        {
            return "";
        }

        if (value.Kind is SourceKind.Number or SourceKind.True or SourceKind.False)
        {
            Findings.Warning(
                "wrong_type",
                value,
                $"'{name}' must be text; '{value.Text}' is taken as it is written."
            );
            return value.Text;
        }

        return Expect(value, SourceKind.Text, $"'{name}'") ? value.Text : "";
    }

    public bool FlagAt(SourceNode owner, string name, bool otherwise = false)
    {
        switch (owner.Find(name))
        {
            case { Kind: SourceKind.True }:
                return true;
            case { Kind: SourceKind.False }:
                return false;
            case { } value:
                Findings.Warning(
                    "wrong_type",
                    value,
                    $"'{name}' must be true or false, and this is {Say(value.Kind)}; it is taken as {(otherwise ? "true" : "false")}."
                );
                return otherwise;
            default:
                return otherwise;
        }
    }

    public IReadOnlyList<string> TextsAt(SourceNode owner, string name) =>
        ListAt(owner, name) is { } list ? Texts(list, name) : [];

    public IReadOnlyList<string> Texts(SourceNode list, string name) =>
        [
            .. list.Items()
                .Where(item => Expect(item, SourceKind.Text, $"item of '{name}'"))
                .Select(item => item.Text),
        ];

    /// <summary>Tells of fields that the specification does not have there.</summary>
    public void CheckFields(SourceNode node, FrozenSet<string> known, string what)
    {
        foreach (var (name, value) in node.Properties())
        {
            if (!known.Contains(name) && !name.StartsWith("x-", StringComparison.Ordinal))
            {
                Findings.Warning(
                    "unknown_field",
                    value,
                    $"A {what} has no field '{name}'; it is kept in the document and has no effect."
                );
            }
        }
    }

    public void Require(SourceNode node, string name, string what)
    {
        if (node.Find(name) is null)
        {
            Findings.Error("required", node, $"A {what} must have '{name}'.");
        }
    }

    private SourceNode? At(SourceNode owner, string name, SourceKind kind) =>
        owner.Find(name) is { Kind: not SourceKind.Null } value && Expect(value, kind, $"'{name}'")
            ? value
            : null;

    private static string Say(SourceKind kind) =>
        kind switch
        {
            SourceKind.Object => "an object",
            SourceKind.List => "a list",
            SourceKind.Text => "text",
            SourceKind.Null => "null",
            SourceKind.Number => "a number",
            _ => kind.ToString().ToLower(CultureInfo.InvariantCulture),
        };
}
