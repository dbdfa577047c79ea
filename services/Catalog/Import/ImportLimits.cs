namespace ApiSvc.Catalog.Import;

/// <summary>What a document may cost.</summary>
internal sealed record ImportLimits
{
    /// <summary>Limits for documents that people bring.</summary>
    public static ImportLimits Default { get; } = new();

    /// <summary>Bytes of the document.</summary>
    public int MaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Objects and lists within each other.</summary>
    public int MaxDepth { get; init; } = 256;

    /// <summary>Values and property names; each costs memory however short it is.</summary>
    public int MaxNodes { get; init; } = 8_000_000;

    /// <summary>Bytes that YAML aliases may add by repeating what their anchors hold.</summary>
    public int MaxAliasBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Operations of one document.</summary>
    public int MaxOperations { get; init; } = 50_000;

    /// <summary>Findings that are listed one by one; a last one says how many more there are.</summary>
    public int MaxFindings { get; init; } = 1_000;
}
