using ApiSvc.Catalog.Policies;

namespace ApiSvc.Catalog.Compilation;

/// <summary>
/// Everything a revision holds; <see cref="ToBytes"/> is what is stored. It never changes: the state of the version
/// (suspended, retired, deprecated) is not in it, see <see cref="VersionStanding"/>.
/// </summary>
internal sealed record RevisionContent
{
    public required Guid ApiId { get; init; }

    public required Guid VersionId { get; init; }

    public required Guid TeamId { get; init; }

    /// <summary>From 1, in its version and environment.</summary>
    public required uint Revision { get; init; }

    public required string ApiSlug { get; init; }

    /// <summary>The version's name.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 of the document that the operations are from; small hexadecimal digits, empty if there is none.</summary>
    public required string SpecificationHash { get; init; }

    /// <summary>Empty for any.</summary>
    public required string Host { get; init; }

    /// <summary>Such as <c>/payments/orders</c>.</summary>
    public required string BasePath { get; init; }

    /// <summary>Null where the base path is the version's alone.</summary>
    public RevisionSelector? Selector { get; init; }

    /// <summary>Whether calls outside the operations are refused.</summary>
    public required bool OnlyOperations { get; init; }

    public required IReadOnlyList<RevisionOperation> Operations { get; init; }

    public required IReadOnlyList<RevisionUpstream> Upstreams { get; init; }

    public required IReadOnlyList<PolicyEntry> PlatformPolicies { get; init; }

    public required IReadOnlyList<PolicyEntry> TeamPolicies { get; init; }

    public required IReadOnlyList<PolicyEntry> VersionPolicies { get; init; }

    /// <summary>Plans that it is offered in; empty: no subscription is asked for.</summary>
    public required IReadOnlyList<Guid> PlanIds { get; init; }

    /// <summary>The stored form: JSON with a format number, the same bytes for the same content.</summary>
    public byte[] ToBytes() => RevisionFormat.Write(this);

    /// <summary>Reads the stored form, also that of earlier builds.</summary>
    /// <exception cref="InvalidDataException">It is none, or of a later format.</exception>
    public static RevisionContent FromBytes(ReadOnlySpan<byte> stored) =>
        RevisionFormat.Read(stored);
}

/// <summary>How a request names the version.</summary>
internal enum SelectorSource
{
    Path,
    Header,
    Query,
    MediaType,
}

/// <param name="Name">Of the header, query parameter or media type parameter; empty for the path.</param>
/// <param name="IsDefault">Whether a request that names no version means this one.</param>
internal sealed record RevisionSelector(
    SelectorSource Source,
    string Name,
    string Value,
    bool IsDefault
);

/// <summary>An operation that is served.</summary>
/// <param name="Id">See <see cref="OperationIds"/>.</param>
internal sealed record RevisionOperation(
    Guid Id,
    string OperationId,
    string Method,
    string PathTemplate,
    IReadOnlyList<string> RequiredScopes,
    IReadOnlyList<PolicyEntry> Policies
);

/// <summary>An upstream with what binds it in the environment.</summary>
/// <param name="ConnectTimeoutMilliseconds">0: the gateway's.</param>
/// <param name="TotalTimeoutMilliseconds">0: the gateway's.</param>
internal sealed record RevisionUpstream(
    string Name,
    IReadOnlyList<RevisionAddress> Addresses,
    string LoadBalancing = "round-robin",
    uint ConnectTimeoutMilliseconds = 0,
    uint TotalTimeoutMilliseconds = 0,
    Guid? CredentialId = null
);

/// <param name="Url">Absolute http or https address.</param>
/// <param name="Weight">1 to 1,000.</param>
internal sealed record RevisionAddress(string Url, uint Weight);
