namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>How the end of a body is found (RFC 9112 section 6.3).</summary>
internal enum BodyKind
{
    None,

    /// <summary>Content-Length says it.</summary>
    Length,

    /// <summary>The last chunk is it.</summary>
    Chunked,

    /// <summary>The connection's end is it; answers only.</summary>
    UntilClose,
}
