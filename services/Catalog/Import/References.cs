using System.Globalization;
using System.Text;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Import;

/// <summary>Follows references within a document (OpenAPI 3.1 section 4.8.23; RFC 6901 section 6).</summary>
internal sealed class References(SourceDocument source)
{
    // No author chains as many on purpose.
    private const int LongestChain = 64;

    private readonly Dictionary<(int Base, string Reference), int> _targets = [];

    /// <summary>The node itself, or what it refers to; null if that is not here or goes in a circle.</summary>
    public SourceNode? Follow(SourceNode node)
    {
        for (var i = 0; i < LongestChain; i++)
        {
            if (node.Find("$ref") is not { IsText: true } reference)
            {
                return node;
            }

            if (Target(source.Root, reference.Text) is not { } target)
            {
                return null;
            }

            node = target;
        }

        return null;
    }

    /// <summary>What a reference of the form <c>#/…</c> names, or null.</summary>
    public SourceNode? Target(SourceNode from, string reference)
    {
        if (!_targets.TryGetValue((from.Index, reference), out var index))
        {
            index = Walk(from, reference)?.Index ?? -1;
            _targets[(from.Index, reference)] = index;
        }

        return index < 0 ? null : new(source, index);
    }

    private static SourceNode? Walk(SourceNode node, string reference)
    {
        if (reference == "#")
        {
            return node;
        }

        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var segment in Uri.UnescapeDataString(reference[2..]).Split('/'))
        {
            if (Step(node, Unescape(segment)) is not { } next)
            {
                return null;
            }

            node = next;
        }

        return node;
    }

    private static SourceNode? Step(SourceNode node, string segment) =>
        node.IsList
        && int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? node.Items().Skip(position).Select(item => (SourceNode?)item).FirstOrDefault()
            : node.Find(segment);

    private static string Unescape(string segment) =>
        segment.Contains('~', StringComparison.Ordinal)
            ? new StringBuilder(segment).Replace("~1", "/").Replace("~0", "~").ToString()
            : segment;
}
