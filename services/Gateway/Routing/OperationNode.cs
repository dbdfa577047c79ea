using ApiSvc.Gateway.Indexing;

namespace ApiSvc.Gateway.Routing;

/// <summary>A place in the tree of an API's templates; immutable once built.</summary>
internal sealed class OperationNode<TOperation>
{
    private readonly List<(byte[] Text, OperationNode<TOperation> Next)> _literals = [];
    private readonly List<(SegmentTemplate Template, OperationNode<TOperation> Next)> _patterns =
    [];
    private Slot[] _table = [default];
    private Pattern[] _tried = [];
    private Target[] _targets = [];

    public ReadOnlySpan<Pattern> Patterns => _tried;

    /// <summary>Methods that have an operation here.</summary>
    public ulong Methods { get; private set; }

    /// <summary>The place after a segment; made if it is not there.</summary>
    public OperationNode<TOperation> After(SegmentTemplate segment)
    {
        if (segment.IsLiteral)
        {
            var text = segment.Literals[0];
            var known = _literals.Find(l => l.Text.AsSpan().SequenceEqual(text)).Next;
            if (known is null)
            {
                known = new();
                _literals.Add((text, known));
            }

            return known;
        }

        var next = _patterns.Find(p => p.Template.HasShapeOf(segment)).Next;
        if (next is null)
        {
            next = new();
            _patterns.Add((segment, next));
        }

        return next;
    }

    /// <summary>Puts an operation here, unless its method has one already.</summary>
    public bool TryAdd(int method, string[] names, TOperation operation)
    {
        if ((Methods & (1UL << method)) != 0)
        {
            return false;
        }

        Methods |= 1UL << method;
        _targets = [.. _targets, new(method, names, operation)];
        return true;
    }

    /// <summary>Lays out what lookups read.</summary>
    public void Freeze()
    {
        var size = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_literals.Count * 2);
        _table = new Slot[Math.Max(1, size)];
        foreach (var (text, next) in _literals)
        {
            var at = SeededHash.Append(SeededHash.Start, text);
            while (_table[at & ((uint)_table.Length - 1)].Next is not null)
            {
                at++;
            }

            _table[at & ((uint)_table.Length - 1)] = new(text, next);
            next.Freeze();
        }

        // Stable: of equally specific ones the first that was written goes first.
        _tried =
        [
            .. _patterns
                .OrderByDescending(p => p.Template.Specificity)
                .Select(p => new Pattern(p.Template, p.Next)),
        ];
        foreach (var pattern in _tried)
        {
            pattern.Next.Freeze();
        }
    }

    public OperationNode<TOperation>? FindLiteral(ReadOnlySpan<byte> segment)
    {
        if (_table.Length == 1)
        {
            return null;
        }

        for (var at = SeededHash.Append(SeededHash.Start, segment); ; at++)
        {
            ref readonly var slot = ref _table[at & ((uint)_table.Length - 1)];
            if (slot.Next is null || segment.SequenceEqual(slot.Text))
            {
                return slot.Next;
            }
        }
    }

    public Target? Find(int method)
    {
        foreach (var target in _targets)
        {
            if (target.Method == method)
            {
                return target;
            }
        }

        return null;
    }

    internal readonly record struct Pattern(
        SegmentTemplate Template,
        OperationNode<TOperation> Next
    );

    internal sealed record Target(int Method, string[] Names, TOperation Operation);

    private readonly record struct Slot(byte[] Text, OperationNode<TOperation>? Next);
}
