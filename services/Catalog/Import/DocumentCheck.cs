using System.Collections.Frozen;
using System.Globalization;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Import;

/// <summary>
/// What holds for the whole document, wherever something stands in it: references name something, names are there
/// once, extensions are kept without effect.
/// </summary>
internal sealed class DocumentCheck(
    SourceDocument source,
    References references,
    FindingList findings,
    SpecificationFormat format
)
{
    // Objects whose names are the author's. Elsewhere names are keywords.
    private static readonly FrozenSet<string> NameMaps = FrozenSet.Create(
        StringComparer.Ordinal,
        "properties",
        "patternProperties",
        "definitions",
        "$defs",
        "dependentSchemas",
        "schemas",
        "responses",
        "parameters",
        "requestBodies",
        "headers",
        "securitySchemes",
        "securityDefinitions",
        "links",
        "callbacks",
        "pathItems",
        "webhooks",
        "encoding",
        "content",
        "variables",
        "mapping",
        "scopes"
    );

    private readonly Dictionary<string, (int First, int Count)> _extensions = new(
        StringComparer.Ordinal
    );
    private readonly HashSet<string> _anchors = new(StringComparer.Ordinal);
    private readonly List<int> _named = [];

    public void Run()
    {
        Visit(source.Root, isMap: false, isExample: false, source.Root);
        foreach (var index in _named)
        {
            CheckNamed(index);
        }

        foreach (var (name, (first, count)) in _extensions)
        {
            findings.Add(
                FindingSeverity.Info,
                "extension",
                first,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The extension '{name}' is kept in the document and has no effect on what is served ({count} places)."
                )
            );
        }
    }

    private void Visit(SourceNode node, bool isMap, bool isExample, SourceNode schemaBase)
    {
        if (node.IsObject)
        {
            CheckNames(node);
            schemaBase = BaseOf(node, isMap, schemaBase);
        }

        foreach (var item in node.Items())
        {
            Visit(item, isMap: false, isExample: false, schemaBase);
        }

        for (
            var at = node.IsObject ? node.Index + 1 : int.MaxValue;
            at < source[node.Index].End;
            at = source[at + 1].End
        )
        {
            var value = new SourceNode(source, at + 1);
            if (isMap)
            {
                Visit(value, isMap: false, isExample, schemaBase);
            }
            else
            {
                VisitKeyword(source.Text(at), at, value, isExample, schemaBase);
            }
        }
    }

    private void VisitKeyword(
        string name,
        int at,
        SourceNode value,
        bool isExample,
        SourceNode schemaBase
    )
    {
        if (name.StartsWith("x-", StringComparison.Ordinal))
        {
            var (first, count) = _extensions.GetValueOrDefault(name, (at + 1, 0));
            _extensions[name] = (first, count + 1);
            return;
        }

        switch (name)
        {
            // What authors give as data: a "$ref" in it is data too.
            case "example" or "default" or "enum" or "const":
            case "value" when isExample:
            // Its names are those of schemes, which may begin with "x-".
            case "security":
            case "examples" when value.IsList || format == SpecificationFormat.Swagger20:
                return;
            case "examples":
                Visit(value, isMap: true, isExample: true, schemaBase);
                return;
            case "$ref" when value.IsText:
                CheckReference(value, schemaBase);
                return;
            case "$anchor" or "$dynamicAnchor" when value.IsText:
                _anchors.Add(value.Text);
                return;
            default:
                Visit(value, NameMaps.Contains(name), isExample: false, schemaBase);
                return;
        }
    }

    // A schema with an id is a document of its own to the references in it (JSON Schema 2020-12 core, section 8.2.1).
    private SourceNode BaseOf(SourceNode node, bool isMap, SourceNode schemaBase) =>
        format == SpecificationFormat.OpenApi31
        && !isMap
        && node.Find("$id") is { IsText: true } id
        && !id.Text.StartsWith('#')
            ? node
            : schemaBase;

    private void CheckReference(SourceNode value, SourceNode schemaBase)
    {
        var reference = value.Text;
        if (!reference.StartsWith('#'))
        {
            findings.Warning(
                "external_reference",
                value,
                $"'{reference}' is outside of the document and is not followed."
            );
        }
        else if (reference.Length > 1 && reference[1] != '/')
        {
            _named.Add(value.Index);
        }
        else if (references.Target(schemaBase, reference) is null)
        {
            findings.Error(
                "broken_reference",
                value,
                $"'{reference}' names nothing in the document."
            );
        }
    }

    private void CheckNamed(int index)
    {
        var reference = source.Text(index);
        if (!_anchors.Contains(reference[1..]))
        {
            findings.Add(
                FindingSeverity.Error,
                "broken_reference",
                index,
                $"'{reference}' names nothing in the document."
            );
        }
    }

    private void CheckNames(SourceNode node)
    {
        HashSet<string>? seen = null;
        for (var at = node.Index + 1; at < source[node.Index].End; at = source[at + 1].End)
        {
            if (seen is null && !IsRepeated(node.Index + 1, at))
            {
                continue;
            }

            seen ??= NamesBefore(node.Index + 1, at);
            if (!seen.Add(source.Text(at)))
            {
                findings.Add(
                    FindingSeverity.Error,
                    "duplicate_name",
                    at + 1,
                    $"'{source.Text(at)}' is here more than once; only the last one would hold."
                );
            }
        }
    }

    // Comparing the bytes of a few names is far cheaper than making texts of them. True: it may be.
    private bool IsRepeated(int first, int name)
    {
        const int Few = 16;
        var compared = 0;
        for (var at = first; at < name; at = source[at + 1].End)
        {
            if (
                ++compared > Few
                || source[at].Escaped
                || source.Json(at).SequenceEqual(source.Json(name))
            )
            {
                return true;
            }
        }

        return source[name].Escaped;
    }

    private HashSet<string> NamesBefore(int first, int name)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var at = first; at < name; at = source[at + 1].End)
        {
            names.Add(source.Text(at));
        }

        return names;
    }
}
