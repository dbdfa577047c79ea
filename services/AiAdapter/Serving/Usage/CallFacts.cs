using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.Contracts.AiUsage.V1;

namespace ApiSvc.AiAdapter.Serving.Usage;

/// <summary>What there is to say of a call when it is over.</summary>
internal sealed class CallFacts
{
    public required AiCaller Caller { get; init; }

    public required DateTimeOffset Start { get; init; }

    /// <summary>What the client spoke.</summary>
    public required string Format { get; init; }

    public string Model { get; set; } = "";

    public bool Streamed { get; set; }

    /// <summary>The last that was asked; null where none was.</summary>
    public Deployment? Deployment { get; set; }

    public int Attempts { get; set; }

    public AiOutcome Outcome { get; set; }

    public int Status { get; set; }

    public string Failure { get; set; } = "";

    public TimeSpan Duration { get; set; }

    public TimeSpan FirstToken { get; set; }

    public FinishReason? Finish { get; set; }

    public Hub.Usage Usage { get; set; }

    public AiCounting Counting { get; set; }

    /// <summary>Null where the price is not known.</summary>
    public Cost? Cost { get; set; }

    public AiCacheStatus Cache { get; set; }

    public Guid? Prompt { get; set; }

    public int PromptRevision { get; set; }
}
