using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>What the content of a request needs of its call.</summary>
internal interface IHttpCall<TRequest>
{
    /// <summary>Cancelled by the caller, the deadline, or the end of the channel.</summary>
    CancellationToken Token { get; }

    /// <summary>Null while the call is under way.</summary>
    CallOutcome? Outcome { get; }

    Task<CallOutcome> Finished { get; }

    /// <summary>Whether the call reads its answer by itself, and so will finish.</summary>
    bool AnswersWithOne { get; }

    WriteOptions? WriteOptions { get; }

    Action<TRequest, SerializationContext> Serialize { get; }

    MessageEncoder CreateEncoder();

    void Cancel();
}
