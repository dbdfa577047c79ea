namespace ApiSvc.AiAdapter.Hub;

/// <summary>What a client asked a model, in no format's words. Null means: the client did not say.</summary>
internal sealed record HubRequest
{
    public required string Model { get; init; }

    public required IReadOnlyList<Message> Messages { get; init; }

    public IReadOnlyList<Tool> Tools { get; init; } = [];

    public ToolChoice? ToolChoice { get; init; }

    public bool? ParallelToolCalls { get; init; }

    public OutputFormat? Output { get; init; }

    public Sampling Sampling { get; init; } = Sampling.None;

    public IReadOnlyList<string> Stop { get; init; } = [];

    public long? MaxOutputTokens { get; init; }

    public ReasoningRequest? Reasoning { get; init; }

    /// <summary>OpenAI's <c>low</c>, <c>medium</c>, <c>high</c>.</summary>
    public string? Verbosity { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } =
        new Dictionary<string, string>();

    /// <summary>The end user, as the client names them to the provider.</summary>
    public string? User { get; init; }

    public ServiceTier Tier { get; init; }

    public bool Stream { get; init; }

    /// <summary>The client wants counts in the stream (Chat Completions sends them only on request).</summary>
    public bool StreamUsage { get; init; }

    /// <summary>Fields of the client's format that have no place here, as they were.</summary>
    public IReadOnlyList<Extra> Extras { get; init; } = [];

    /// <summary>The client's format and its bytes, for the way through without translation.</summary>
    public required RequestSource Source { get; init; }

    /// <summary>Linked media that were fetched for a provider that takes none by address.</summary>
    public IReadOnlyDictionary<string, Media.Inline> Fetched { get; init; } =
        new Dictionary<string, Media.Inline>();
}

/// <param name="Format">Name of the inbound format.</param>
/// <param name="Version">The format's version, where it has versions.</param>
internal sealed record RequestSource(
    string Format,
    ReadOnlyMemory<byte> Body,
    string? Version = null
);

/// <param name="Harmless">May be left out towards another format: it changes no answer.</param>
internal sealed record Extra(string Name, RawJson Value, bool Harmless);

internal enum ServiceTier
{
    Default,
    Flex,
    Priority,
    Batch,
}

/// <summary>How much and how openly the model should think.</summary>
/// <param name="BudgetTokens">A fixed number of thinking tokens, where a client gave one.</param>
/// <param name="Show">Whether thoughts or their summary come with the answer; null: the provider's habit.</param>
internal sealed record ReasoningRequest(
    Effort? Effort,
    long? BudgetTokens = null,
    bool? Show = null
);

internal enum Effort
{
    None,
    Minimal,
    Low,
    Medium,
    High,
    XHigh,
    Max,
}

internal sealed record Sampling
{
    public static Sampling None { get; } = new();

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public long? TopK { get; init; }

    public double? FrequencyPenalty { get; init; }

    public double? PresencePenalty { get; init; }

    public long? Seed { get; init; }

    public RawJson? LogitBias { get; init; }

    public bool? LogProbabilities { get; init; }

    public long? TopLogProbabilities { get; init; }

    public long? Choices { get; init; }
}

internal abstract record OutputFormat
{
    public sealed record Json : OutputFormat;

    public sealed record Schema(string? Name, string? Description, RawJson Value, bool? Strict)
        : OutputFormat;
}

internal abstract record Tool;

/// <param name="Parameters">JSON Schema of the arguments; null takes none.</param>
internal sealed record FunctionTool(
    string Name,
    string? Description,
    RawJson? Parameters,
    bool? Strict = null,
    CacheMark? Cache = null
) : Tool;

/// <summary>A tool that runs at the provider, or one of a kind only its format knows.</summary>
internal sealed record ForeignTool(string Format, string Type, RawJson Raw) : Tool;

internal abstract record ToolChoice
{
    public sealed record Auto : ToolChoice;

    public sealed record None : ToolChoice;

    public sealed record Required : ToolChoice;

    public sealed record Named(string Name) : ToolChoice;

    public sealed record Allowed(IReadOnlyList<string> Names, bool MustCall) : ToolChoice;
}
