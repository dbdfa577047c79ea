namespace ApiSvc.AiAdapter.Translation;

/// <summary>
/// One streamed answer, from the provider's bytes to the client's. What is written to the output is to be sent
/// before more is pushed: that is the back-pressure.
/// </summary>
internal interface IAnswerStream : IDisposable
{
    CallTap Tap { get; }

    /// <summary>The answer is over, well or badly.</summary>
    bool Ended { get; }

    void Push(ReadOnlySpan<byte> bytes);

    /// <summary>The provider sends no more.</summary>
    void Complete();
}
