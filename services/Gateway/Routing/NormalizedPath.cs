namespace ApiSvc.Gateway.Routing;

/// <summary>A request target in its one form.</summary>
internal readonly ref struct NormalizedPath
{
    public NormalizedPath(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, bool hasQuery)
    {
        Path = path;
        Query = query;
        HasQuery = hasQuery;
    }

    public NormalizedPath(PathFault fault) => Fault = fault;

    /// <summary>Starts with a slash; a valid path of RFC 3986, to be forwarded as it is.</summary>
    public ReadOnlySpan<byte> Path { get; }

    /// <summary>As it was sent, without the question mark.</summary>
    public ReadOnlySpan<byte> Query { get; }

    /// <summary>Tells an empty query from none.</summary>
    public bool HasQuery { get; }

    /// <summary>Why there is no path; <see cref="PathFault.None"/> where there is one.</summary>
    public PathFault Fault { get; }
}
