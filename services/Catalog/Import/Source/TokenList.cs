namespace ApiSvc.Catalog.Import.Source;

/// <summary>Tokens as they are found, and the lists and objects that are open.</summary>
internal sealed class TokenList(int capacity)
{
    private readonly Stack<int> _open = new();
    private SourceToken[] _tokens = new SourceToken[Math.Max(16, capacity)];

    public int Count { get; private set; }

    public int Depth => _open.Count;

    public ref SourceToken this[int index] => ref _tokens[index];

    public SourceToken[] ToArray() => _tokens;

    /// <summary>Adds a token and gives its index. An object or list stays open.</summary>
    public int Add(SourceKind kind, int offset, int length, int line, bool escaped = false)
    {
        if (Count == _tokens.Length)
        {
            Array.Resize(ref _tokens, _tokens.Length + _tokens.Length / 2);
        }

        // The value of a property stands where its name does: that is the line people look for.
        if (Count > 0 && _tokens[Count - 1].Kind == SourceKind.Name)
        {
            line = _tokens[Count - 1].Line;
        }

        var isOpen = kind is SourceKind.Object or SourceKind.List;
        _tokens[Count] = new()
        {
            Kind = kind,
            Offset = offset,
            Length = length,
            Line = line,
            Escaped = escaped,
            End = isOpen ? 0 : Count + 1,
        };
        if (isOpen)
        {
            _open.Push(Count);
        }

        return Count++;
    }

    /// <summary>Ends the innermost object or list.</summary>
    /// <param name="end">The offset after its last byte.</param>
    public void Close(int end)
    {
        ref var token = ref _tokens[_open.Pop()];
        token.End = Count;
        token.Length = end - token.Offset;
    }
}
