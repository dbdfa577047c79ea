using System.Net;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>A wire format that providers speak: four pieces, known by one name.</summary>
internal sealed record ProviderFamily(
    string Name,
    Func<HubRequest, WriteContext, WriteOutcome> WriteRequest,
    Action<ReadOnlyMemory<byte>, ReadContext, IHubEvents> ReadAnswer,
    Func<ReadContext, IHubEvents, IStreamReader> ReadStream,
    Func<ProviderReply, Failure> ReadError
)
{
    /// <summary>Name of the inbound format whose bytes may pass through untouched.</summary>
    public string? PassesThrough { get; init; }

    /// <summary>Where bytes that pass through go, and with what; null together with <see cref="PassesThrough"/>.</summary>
    public Func<
        ReadOnlyMemory<byte>,
        HubRequest,
        WriteContext,
        ProviderRequest
    >? WriteThrough { get; init; }
}

/// <param name="Now">For signatures that hold the time.</param>
internal sealed record WriteContext(Deployment Deployment, DateTimeOffset Now);

/// <param name="CallId">Unique per call: ids the provider does not give begin with it.</param>
internal sealed record ReadContext(Deployment Deployment, string CallId)
{
    /// <summary>The most bytes one event of a stream may have.</summary>
    public int MaxEventBytes { get; init; } = 16 << 20;

    public string Origin { get; } = Deployment.Provenance.Fingerprint;
}

/// <summary>What is sent to a provider, apart from how.</summary>
internal sealed record ProviderRequest(
    Uri Address,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    ReadOnlyMemory<byte> Body
)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>What was left out on the way, for the client's eyes.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A reply that is no success.</summary>
internal sealed record ProviderReply(
    HttpStatusCode Status,
    Func<string, string?> Header,
    ReadOnlyMemory<byte> Body,
    DateTimeOffset Now
);

internal abstract record WriteOutcome
{
    public sealed record Ready(ProviderRequest Request) : WriteOutcome;

    public sealed record Refused(IReadOnlyList<RequestProblem> Problems) : WriteOutcome;

    /// <summary>The provider takes no addresses: fetch these, put them into the request, write again.</summary>
    public sealed record NeedsMedia(IReadOnlyList<string> Links) : WriteOutcome;
}

/// <summary>Turns a provider's stream into events as its bytes come.</summary>
internal interface IStreamReader : IDisposable
{
    /// <summary>Whether the answer has ended, well or badly: what comes after is of no use.</summary>
    bool Ended { get; }

    /// <summary>How many of all bytes so far are whole events.</summary>
    long Boundary { get; }

    /// <summary>How many events there were.</summary>
    long Frames { get; }

    void Push(ReadOnlySpan<byte> bytes);

    /// <summary>No more bytes will come. An answer that has not ended ends as a failure.</summary>
    void Complete();
}
