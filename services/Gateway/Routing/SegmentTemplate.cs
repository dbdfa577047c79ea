namespace ApiSvc.Gateway.Routing;

/// <summary>
/// One segment of a template: literals with parameters between them, such as <c>{name}.{format}</c> or
/// <c>{id}:cancel</c>. A parameter stands for at least one byte. Where a segment can be split in several ways, the
/// last parameter gets as little as possible: of <c>a.tar.gz</c> the name is <c>a.tar</c>.
/// </summary>
internal sealed class SegmentTemplate
{
    private readonly bool _hasSemicolon;

    private SegmentTemplate(byte[][] literals, string[] names)
    {
        Literals = literals;
        Names = names;
        _hasSemicolon = literals.Any(l => l.Contains((byte)';'));
    }

    /// <summary>One more than parameters; may be empty.</summary>
    public byte[][] Literals { get; }

    public string[] Names { get; }

    public bool IsLiteral => Names.Length == 0;

    /// <summary>The more bytes are given, the earlier it is tried.</summary>
    public int Specificity => Literals.Sum(l => l.Length);

    public static SegmentTemplate? Parse(ReadOnlySpan<char> text, out string? reason)
    {
        var literals = new List<byte[]>();
        var names = new List<string>();
        reason = null;
        while (reason is null)
        {
            var open = text.IndexOf('{');
            if (RequestPath.NormalizeLiteral(open < 0 ? text : text[..open]) is not { } literal)
            {
                reason = "it has a character that no path has, such as ? or #";
                break;
            }

            literals.Add(literal);
            if (open < 0)
            {
                return new([.. literals], [.. names]);
            }

            var close = text[open..].IndexOf('}');
            if (close < 0)
            {
                reason = "it has an opening brace without a closing one";
                break;
            }

            names.Add(text.Slice(open + 1, close - 1).ToString());
            text = text[(open + close + 1)..];
        }

        return null;
    }

    /// <summary>Whether the two fit the same segments in the same way, whatever their parameters are called.</summary>
    public bool HasShapeOf(SegmentTemplate other) =>
        Literals.Length == other.Literals.Length
        && Literals.Zip(other.Literals).All(p => p.First.AsSpan().SequenceEqual(p.Second));

    /// <summary>Matches a segment of a path in normal form.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="start">Where it begins in the path.</param>
    /// <param name="parameters">Gets as many as there are names.</param>
    public bool TryMatch(
        ReadOnlySpan<byte> segment,
        int start,
        scoped Span<PathParameter> parameters
    )
    {
        var last = Names.Length - 1;
        if (last == 0 && Literals[0].Length == 0 && Literals[1].Length == 0)
        {
            parameters[0] = new(start, segment.Length);
            return segment.Length > 0;
        }

        // Servers that drop parameters of segments would see the name only.
        var semicolon = _hasSemicolon ? -1 : segment.IndexOf((byte)';');
        segment = semicolon < 0 ? segment : segment[..semicolon];
        if (!segment.StartsWith(Literals[0]) || !segment.EndsWith(Literals[^1]))
        {
            return false;
        }

        // From the right: the rightmost place of each literal leaves the most room to those before it.
        var first = Literals[0].Length;
        var end = segment.Length - Literals[^1].Length;
        for (var i = last; i > 0; i--)
        {
            var at = LastPlace(segment, Literals[i], first, end);
            if (at < 0)
            {
                return false;
            }

            var value = at + Literals[i].Length;
            parameters[i] = new(start + value, end - value);
            end = at;
        }

        parameters[0] = new(start + first, end - first);
        return end > first;
    }

    // The last place of the literal that leaves at least a byte on both sides and cuts no encoded byte in two.
    private static int LastPlace(
        ReadOnlySpan<byte> segment,
        ReadOnlySpan<byte> literal,
        int first,
        int end
    )
    {
        for (var at = end - 1 - literal.Length; at > first; at--)
        {
            if (
                segment[at..].StartsWith(literal)
                && segment[at - 1] != '%'
                && (at < 2 || segment[at - 2] != '%')
            )
            {
                return at;
            }
        }

        return -1;
    }
}
