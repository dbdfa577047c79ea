using System.Buffers;
using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>A wire format that clients speak: four pieces, known by one name.</summary>
internal sealed record InboundFormat(
    string Name,
    Func<ReadOnlyMemory<byte>, ReadOutcome> ReadRequest,
    Action<HubAnswer, AnswerContext, IBufferWriter<byte>> WriteAnswer,
    Func<AnswerContext, IBufferWriter<byte>, IHubEvents> WriteStream,
    Func<Failure, string, ErrorReply> WriteError
)
{
    /// <summary>Refusal of a request that was never sent, with all problems at once.</summary>
    public required Func<
        IReadOnlyList<RequestProblem>,
        string,
        ErrorReply
    > WriteProblems { get; init; }

    /// <summary>Ends a stream that was passed on untouched and broke off, after so many of its events.</summary>
    public required Action<Failure, string, long, IBufferWriter<byte>> WriteBreak { get; init; }

    /// <summary>Why an answer cannot be said in this format; null if it can.</summary>
    public Func<HubAnswer, Failure?> Refuses { get; init; } = _ => null;
}

/// <param name="CallId">Unique per call; ids in the answer are made of it.</param>
internal sealed record AnswerContext(HubRequest Request, string CallId, DateTimeOffset Created)
{
    public string Model => Request.Model;
}

internal abstract record ReadOutcome
{
    public sealed record Read(HubRequest Request) : ReadOutcome;

    public sealed record Refused(IReadOnlyList<RequestProblem> Problems) : ReadOutcome;
}

/// <param name="RetryAfter">For the header of that name.</param>
internal sealed record ErrorReply(int Status, byte[] Body, TimeSpan? RetryAfter = null);
