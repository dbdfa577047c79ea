using System.Runtime.InteropServices;

namespace ApiSvc.AiAdapter.Hub;

/// <summary>
/// Tokens of one call, one meaning for every provider: <see cref="Input"/> and <see cref="Output"/> are the
/// whole; the others are parts of them. Anthropic and Bedrock count input without what was cached, Gemini
/// counts output without thoughts: their readers add up.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Usage
{
    /// <summary>All of the prompt: what was read from a cache and written to one is in it.</summary>
    public long Input { get; init; }

    public long CachedInput { get; init; }

    /// <summary>Written to a cache for five minutes, or for a time the provider does not name.</summary>
    public long CacheWrite5Minutes { get; init; }

    public long CacheWrite1Hour { get; init; }

    public long AudioInput { get; init; }

    public long CachedAudioInput { get; init; }

    public long ImageInput { get; init; }

    /// <summary>All of the answer, with reasoning.</summary>
    public long Output { get; init; }

    public long Reasoning { get; init; }

    public long AudioOutput { get; init; }

    public long ImageOutput { get; init; }

    public long WebSearches { get; init; }

    /// <summary>The tier the provider says it served, which sets the price.</summary>
    public ServiceTier Tier { get; init; }

    public long CacheWrites => CacheWrite5Minutes + CacheWrite1Hour;

    public long Total => Input + Output;
}
