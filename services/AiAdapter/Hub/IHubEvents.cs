using System.Runtime.InteropServices;

namespace ApiSvc.AiAdapter.Hub;

/// <summary>
/// The one stream of events all answers become, whole ones too. In this order: <see cref="Start"/>; blocks,
/// one after the other and never within each other, each <see cref="BlockStart"/>, any number of
/// <see cref="Delta"/>, <see cref="BlockStop"/>; then <see cref="Finish"/> or, at any time,
/// <see cref="Fail"/>, and nothing after that. <see cref="Usage"/> may come any time between start and end.
/// Bytes are only valid during the call.
/// </summary>
internal interface IHubEvents
{
    void Start(in AnswerStart start);

    void BlockStart(in BlockStart block);

    /// <param name="utf8">More of the open block: text, argument JSON, or base 64 of an image.</param>
    void Delta(ReadOnlySpan<byte> utf8);

    void BlockStop(Opaque? opaque);

    /// <summary>Counts so far; each takes the place of the one before.</summary>
    void Usage(in Usage usage);

    void Finish(in Finish finish);

    void Fail(Failure failure);
}

/// <param name="Id">The provider's id of the answer; empty if it gave none.</param>
/// <param name="Model">The model that the provider says answers.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerStart(string Id, string Model);

internal enum BlockKind
{
    Text,
    Reasoning,
    ToolUse,
    Refusal,
    Image,
}

/// <param name="Index">0, 1, 2 … without gaps.</param>
/// <param name="Id">Id of a tool call.</param>
/// <param name="Name">Name of the tool; media type of an image.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockStart(
    int Index,
    BlockKind Kind,
    string? Id = null,
    string? Name = null
);

internal enum FinishReason
{
    End,
    StopSequence,
    Length,
    ToolUse,
    Filtered,
    Paused,
}

/// <param name="StopSequence">The one that was met, where the provider says.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Finish(
    FinishReason Reason,
    Usage Usage,
    string? StopSequence = null
);
