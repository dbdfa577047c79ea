namespace ApiSvc.AiAdapter.Providers;

/// <summary>A provider as data: whose wire format it speaks, where, and what it does differently.</summary>
internal sealed record ProviderConfig
{
    public required string Name { get; init; }

    public string? Title { get; init; }

    /// <summary>Name of the family whose format it speaks: <c>openai-chat</c>, <c>anthropic</c>, …</summary>
    public required string Family { get; init; }

    /// <summary>Base address with its version path; <c>{region}</c> and the like are filled per deployment.</summary>
    public required string Address { get; init; }

    public Authentication Authentication { get; init; } = new();

    /// <summary>Sent with every call.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } =
        new Dictionary<string, string>();

    public Quirks Quirks { get; init; } = Quirks.None;

    /// <summary>Whether the address is inside the own network, where plain HTTP is usual.</summary>
    public bool Local { get; init; }
}

internal enum AuthenticationKind
{
    Bearer,
    Header,
    SigV4,
    None,
}

/// <param name="Header">Name of the header that carries the key, for <see cref="AuthenticationKind.Header"/>.</param>
/// <param name="Scheme">Before the key in it: <c>Key abc</c>; empty for none.</param>
internal sealed record Authentication(
    AuthenticationKind Kind = AuthenticationKind.Bearer,
    string? Header = null,
    string Scheme = ""
);

/// <summary>What an OpenAI-compatible provider does differently. The default is OpenAI itself.</summary>
internal sealed record Quirks
{
    public static Quirks None { get; } = new();

    /// <summary>Refuses the role <c>developer</c>.</summary>
    public bool NoDeveloperRole { get; init; }

    /// <summary>Takes <c>max_tokens</c>, not <c>max_completion_tokens</c>.</summary>
    public bool MaxTokens { get; init; }

    public bool NoReasoningEffort { get; init; }

    /// <summary>Refuses <c>strict</c> in tools.</summary>
    public bool NoStrictTools { get; init; }

    /// <summary>Turns of the assistant with tool calls must carry their reasoning text.</summary>
    public bool ReasoningHistory { get; init; }

    /// <summary>How thinking is switched on and off.</summary>
    public ThinkingSwitch Thinking { get; init; }

    public bool NoStreamOptions { get; init; }

    /// <summary>Its streams end without <c>[DONE]</c>: a finish reason is the end.</summary>
    public bool NoDone { get; init; }

    /// <summary>Its field for a seed.</summary>
    public string Seed { get; init; } = "seed";

    /// <summary>Its word for "some tool must be called".</summary>
    public string RequiredTool { get; init; } = "required";

    /// <summary>Ids of tool calls are exactly nine letters and digits.</summary>
    public bool NineCharacterIds { get; init; }

    /// <summary>Takes <c>top_k</c>, which OpenAI does not have.</summary>
    public bool TopK { get; init; }

    /// <summary>Features it refuses.</summary>
    public IReadOnlyList<Hub.Feature> Lacks { get; init; } = [];
}

internal enum ThinkingSwitch
{
    /// <summary><c>reasoning_effort</c> alone.</summary>
    Effort,

    /// <summary><c>thinking: {type: enabled|disabled}</c>.</summary>
    Typed,

    /// <summary><c>enable_thinking</c> and <c>thinking_budget</c>.</summary>
    Flag,

    /// <summary><c>reasoning: {effort, max_tokens, enabled}</c>.</summary>
    Reasoning,

    /// <summary><c>chat_template_kwargs: {enable_thinking}</c>.</summary>
    Template,
}
