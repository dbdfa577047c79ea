using System.Text;

namespace ApiSvc.Gateway.Routing;

/// <summary>
/// The operations of a version of an API. A literal segment goes before a template, a template with more literal
/// bytes before one with fewer (OpenAPI 3.1 section 4.8.8.2); where the best path lacks the method, the next best
/// that has it is taken. HEAD is answered by GET where it has no operation of its own (RFC 9110 section 9.1).
/// Immutable; a lookup allocates nothing.
/// </summary>
internal sealed class OperationTable<TOperation>
{
    private const int MaxMethods = 64;
    private readonly OperationNode<TOperation> _root = new();
    private readonly List<byte[]> _methods = [];
    private readonly int _get;
    private readonly int _head;

    private OperationTable(IEnumerable<OperationEntry<TOperation>> entries)
    {
        var unreachable = new List<UnreachableOperation>();
        _get = Method("GET");
        _head = Method("HEAD");
        foreach (var entry in entries)
        {
            if (Add(entry) is { } reason)
            {
                unreachable.Add(new(entry.Method, entry.PathTemplate, reason));
            }
            else
            {
                Count++;
            }
        }

        _root.Freeze();
        Unreachable = unreachable;
    }

    /// <summary>Operations that can be reached.</summary>
    public int Count { get; }

    /// <summary>Room that <see cref="TryMatch"/> needs for parameters.</summary>
    public int MaxParameters { get; private set; }

    /// <summary>What was left out: templates that are none, and repeats of one before them.</summary>
    public IReadOnlyList<UnreachableOperation> Unreachable { get; }

    public static OperationTable<TOperation> Create(
        IEnumerable<OperationEntry<TOperation>> entries
    ) => new(entries);

    /// <summary>Finds the operation of a request.</summary>
    /// <param name="method">As sent.</param>
    /// <param name="path">Below the base path, in normal form; empty stands for <c>/</c>.</param>
    /// <param name="parameters">Gets the values of the operation's parameters; room for <see cref="MaxParameters"/>.</param>
    /// <param name="match">The operation, or the allowed methods.</param>
    public OperationResult TryMatch(
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        Span<PathParameter> parameters,
        out OperationMatch<TOperation> match
    )
    {
        if (parameters.Length < MaxParameters)
        {
            throw new ArgumentException("There is no room for the parameters.", nameof(parameters));
        }

        var search = new Search(path.IsEmpty ? "/"u8 : path, Find(method), parameters);
        var isFound = Visit(_root, 1, 0, ref search);
        match = new()
        {
            Operation = isFound ? search.Target!.Operation : default,
            ParameterNames = isFound ? search.Target!.Names : default,
            Methods = search.Methods,
        };
        return isFound ? OperationResult.Found
            : search.Methods != 0 ? OperationResult.MethodNotAllowed
            : OperationResult.NotFound;
    }

    /// <summary>The field value of <c>Allow</c> (RFC 9110 section 10.2.1).</summary>
    public string Allow(ulong methods)
    {
        if ((methods & (1UL << _get)) != 0)
        {
            methods |= 1UL << _head;
        }

        return string.Join(
            ", ",
            _methods
                .Where((_, i) => (methods & (1UL << i)) != 0)
                .Select(Encoding.ASCII.GetString)
                .Order(StringComparer.Ordinal)
        );
    }

    private string? Add(OperationEntry<TOperation> entry)
    {
        if (!PathTemplate.TryParse(entry.PathTemplate, out var template, out var reason))
        {
            return reason;
        }

        var method = Method(entry.Method);
        if (method < 0)
        {
            return "the API has too many methods";
        }

        var node = template.Segments.Aggregate(_root, (at, segment) => at.After(segment));
        string[] names = [.. template.Names];
        MaxParameters = Math.Max(MaxParameters, names.Length);
        return node.TryAdd(method, names, entry.Operation)
            ? null
            : "another operation has the same method and a path of the same form";
    }

    private int Method(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (Find(bytes) is >= 0 and var known)
        {
            return known;
        }

        if (_methods.Count == MaxMethods)
        {
            return -1;
        }

        _methods.Add(bytes);
        return _methods.Count - 1;
    }

    // A handful: comparing beats hashing.
    private int Find(ReadOnlySpan<byte> method)
    {
        for (var i = 0; i < _methods.Count; i++)
        {
            if (method.SequenceEqual(_methods[i]))
            {
                return i;
            }
        }

        return -1;
    }

    // Each place of the tree is reached by one way only, so a search visits each at most once: what a request can
    // cost is bounded by the templates.
    private bool Visit(OperationNode<TOperation> node, int start, int count, ref Search search)
    {
        if (start > search.Path.Length)
        {
            return End(node, ref search);
        }

        var rest = search.Path[start..];
        var slash = rest.IndexOf((byte)'/');
        var segment = slash < 0 ? rest : rest[..slash];
        var next = start + segment.Length + 1;
        if (node.FindLiteral(segment) is { } literal && Visit(literal, next, count, ref search))
        {
            return true;
        }

        // A server that drops parameters of segments sees the name only: so does what is decided here.
        var semicolon = segment.IndexOf((byte)';');
        if (
            semicolon >= 0
            && node.FindLiteral(segment[..semicolon]) is { } named
            && Visit(named, next, count, ref search)
        )
        {
            return true;
        }

        foreach (var pattern in node.Patterns)
        {
            var names = pattern.Template.Names.Length;
            if (
                // Deeper templates that are out of reach may have more parameters than any operation.
                count + names
                    <= search.Parameters.Length
                && pattern.Template.TryMatch(segment, start, search.Parameters[count..])
                && Visit(pattern.Next, next, count + names, ref search)
            )
            {
                return true;
            }
        }

        return false;
    }

    private bool End(OperationNode<TOperation> node, ref Search search)
    {
        search.Methods |= node.Methods;
        search.Target =
            node.Find(search.Method) ?? (search.Method == _head ? node.Find(_get) : null);
        return search.Target is not null;
    }

    private ref struct Search(ReadOnlySpan<byte> path, int method, Span<PathParameter> parameters)
    {
        public readonly ReadOnlySpan<byte> Path = path;
        public readonly int Method = method;
        public readonly Span<PathParameter> Parameters = parameters;
        public ulong Methods;
        public OperationNode<TOperation>.Target? Target;
    }
}
