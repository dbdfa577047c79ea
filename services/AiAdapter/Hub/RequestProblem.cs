namespace ApiSvc.AiAdapter.Hub;

/// <summary>What is wrong in a request, where, and what would be right.</summary>
/// <param name="Path">In the client's body: <c>messages[2].content</c>.</param>
/// <param name="Reason">Whether the client made a mistake or the chosen model cannot do it.</param>
internal sealed record RequestProblem(string Path, string Message, ProblemReason Reason)
{
    /// <summary>A line of a message that tells several.</summary>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}

internal enum ProblemReason
{
    Missing,
    Invalid,

    /// <summary>Right in itself, but the model or provider that would answer cannot do it.</summary>
    Unsupported,
}

/// <summary>Features a provider may lack; an inbound format says what it calls each.</summary>
internal enum Feature
{
    Temperature,
    TopP,
    TopK,
    FrequencyPenalty,
    PresencePenalty,
    Seed,
    LogitBias,
    LogProbabilities,
    Choices,
    Stop,
    Tools,
    ToolChoice,
    ParallelToolCalls,
    StructuredOutput,
    Reasoning,
    Verbosity,
    Tier,
    Stream,
    Images,
    Documents,
    Audio,
    MaxOutputTokens,
    Dimensions,
}
