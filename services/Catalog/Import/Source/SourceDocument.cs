using System.Text;
using System.Text.Json;

namespace ApiSvc.Catalog.Import.Source;

/// <summary>
/// A document as JSON text with its values found and the line that each stands on, whether it came as JSON or YAML.
/// </summary>
/// <param name="json">UTF-8; of a YAML document what it means.</param>
internal sealed class SourceDocument(
    ReadOnlyMemory<byte> json,
    SourceToken[] tokens,
    int count,
    DocumentSyntax syntax
)
{
    // From here on looking for a name one after the other costs more than an index.
    private const int IndexedFrom = 24;

    private readonly Dictionary<int, Dictionary<string, int>> _indexes = [];

    public DocumentSyntax Syntax { get; } = syntax;

    public SourceNode Root => new(this, 0);

    public int Count { get; } = count;

    public ref readonly SourceToken this[int index] => ref tokens[index];

    /// <summary>The JSON text of a value.</summary>
    public ReadOnlySpan<byte> Json(int index) =>
        json.Span.Slice(tokens[index].Offset, tokens[index].Length);

    /// <summary>What a name or text says; of anything else its JSON.</summary>
    public string Text(int index)
    {
        ref readonly var token = ref tokens[index];
        var raw = Json(index);
        if (token.Kind is not (SourceKind.Name or SourceKind.Text))
        {
            return Encoding.UTF8.GetString(raw);
        }

        if (!token.Escaped)
        {
            return Encoding.UTF8.GetString(raw[1..^1]);
        }

        var reader = new Utf8JsonReader(raw);
        reader.Read();
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: right in JSON's grammar, but no text.
            return Encoding.UTF8.GetString(raw[1..^1]);
        }
    }

    /// <summary>Whether a name or text says that.</summary>
    public bool Says(int index, ReadOnlySpan<byte> text) =>
        tokens[index].Escaped
            ? Text(index) == Encoding.UTF8.GetString(text)
            : Json(index)[1..^1].SequenceEqual(text);

    /// <summary>The value of a property; where a name is there twice, the last, as most readers of JSON do.</summary>
    /// <returns>-1 if there is none.</returns>
    public int Find(int owner, string name)
    {
        if (_indexes.TryGetValue(owner, out var index))
        {
            return index.GetValueOrDefault(name, -1);
        }

        var found = -1;
        var seen = 0;
        Span<byte> utf8 = stackalloc byte[256];
        var wanted =
            name.Length <= 64
                ? utf8[..Encoding.UTF8.GetBytes(name, utf8)]
                : Encoding.UTF8.GetBytes(name);
        for (var at = owner + 1; at < tokens[owner].End; at = tokens[at + 1].End)
        {
            if (++seen == IndexedFrom)
            {
                return Index(owner).GetValueOrDefault(name, -1);
            }

            if (Says(at, wanted))
            {
                found = at + 1;
            }
        }

        return found;
    }

    /// <summary>The JSON pointer to a value (RFC 6901 section 3).</summary>
    public string PointerTo(int index)
    {
        var pointer = new StringBuilder();
        var at = 0;
        while (at != index)
        {
            var isObject = tokens[at].Kind == SourceKind.Object;
            var child = at + 1;
            var position = 0;
            while (tokens[isObject ? child + 1 : child].End <= index)
            {
                child = tokens[isObject ? child + 1 : child].End;
                position++;
            }

            pointer.Append('/').Append(isObject ? Escape(Text(child)) : Invariant(position));
            if (isObject && child == index)
            {
                break;
            }

            at = isObject ? child + 1 : child;
        }

        return pointer.ToString();
    }

    public static string Escape(string segment) =>
        segment
            .Replace("~", "~0", StringComparison.Ordinal)
            .Replace("/", "~1", StringComparison.Ordinal);

    private static string Invariant(int number) =>
        number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private Dictionary<string, int> Index(int owner)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var at = owner + 1; at < tokens[owner].End; at = tokens[at + 1].End)
        {
            index[Text(at)] = at + 1;
        }

        return _indexes[owner] = index;
    }
}
