namespace ApiSvc.AiAdapter.Hub;

/// <summary>System and developer texts stay where they stood; a format that has one place for them moves them.</summary>
internal enum Role
{
    System,
    User,
    Assistant,
}

/// <summary>One turn, or a part of one. Results of tools are blocks of a user's message.</summary>
internal sealed record Message(Role Role, IReadOnlyList<Block> Content);

/// <summary>A prefix of the prompt up to here is worth caching.</summary>
/// <param name="OneHour">Kept an hour, not five minutes.</param>
internal sealed record CacheMark(bool OneHour);

internal abstract record Block
{
    public CacheMark? Cache { get; init; }

    /// <summary>Where the client wrote it, for messages: <c>messages[2].content[0]</c>.</summary>
    public string At { get; init; } = "";
}

internal sealed record TextBlock(string Text) : Block;

internal sealed record RefusalBlock(string Text) : Block;

/// <param name="Detail">OpenAI's <c>low</c>, <c>high</c>, <c>auto</c>; only a hint elsewhere.</param>
internal sealed record ImageBlock(Media Source, string? Detail = null) : Block;

internal sealed record DocumentBlock(Media Source, string? Name = null, string? Context = null)
    : Block;

internal sealed record AudioBlock(Media Source) : Block;

/// <param name="Arguments">The JSON text of the arguments, an object.</param>
internal sealed record ToolUseBlock(string Id, string Name, string Arguments) : Block;

internal sealed record ToolResultBlock(
    string ToolUseId,
    IReadOnlyList<Block> Content,
    bool IsError = false
) : Block;

internal sealed record ReasoningBlock(string Text, Opaque? Opaque = null) : Block;

/// <summary>A block only its own format knows: it survives there, and is a clear refusal elsewhere.</summary>
internal sealed record ForeignBlock(string Format, string Type, RawJson Raw) : Block;

/// <summary>Where the bytes of an image, document or sound are.</summary>
internal abstract record Media
{
    /// <param name="Data">Base 64, as it was sent.</param>
    public sealed record Inline(string MediaType, string Data) : Media;

    public sealed record Link(string Url) : Media;

    public sealed record File(string Id) : Media;

    public sealed record PlainText(string Text) : Media;
}
