using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Costs;

/// <summary>
/// What tokens cost, each in integer micro-units of the currency per million tokens. Null: no separate price.
/// </summary>
internal sealed record Rates
{
    public required long Input { get; init; }

    public required long Output { get; init; }

    public long? CachedInput { get; init; }

    /// <summary>Written to a cache for five minutes, or for a time the provider does not name.</summary>
    public long? CacheWrite { get; init; }

    public long? CacheWrite1Hour { get; init; }

    public long? Reasoning { get; init; }

    public long? AudioInput { get; init; }

    public long? CachedAudioInput { get; init; }

    public long? AudioOutput { get; init; }

    public long? ImageInput { get; init; }

    public long? ImageOutput { get; init; }
}

/// <summary>Rates for prompts of more tokens than a threshold: they are for the whole call.</summary>
internal sealed record ContextTier(long Above, Rates Rates);

/// <summary>Rates of one service tier, with its steps by the length of the prompt in ascending order.</summary>
internal sealed record RateCard(Rates Rates, IReadOnlyList<ContextTier> LongContext)
{
    public Rates For(long inputTokens) =>
        LongContext.LastOrDefault(tier => inputTokens > tier.Above)?.Rates ?? Rates;
}

/// <summary>A model's price from a day on.</summary>
/// <param name="From">The first day, UTC, it holds.</param>
/// <param name="Source">Where it was read.</param>
/// <param name="WebSearch">Micro-units a million searches.</param>
internal sealed record Price(
    DateOnly From,
    string Currency,
    RateCard Standard,
    IReadOnlyDictionary<ServiceTier, RateCard> Tiers,
    long? WebSearch = null,
    string? Source = null
);

/// <summary>All of a model's prices, so that a past call keeps its cost.</summary>
/// <param name="Prices">In ascending order of their day.</param>
internal sealed record PriceHistory(IReadOnlyList<Price> Prices)
{
    public static PriceHistory Unknown { get; } = new([]);

    public Price? At(DateTimeOffset time)
    {
        var day = DateOnly.FromDateTime(time.UtcDateTime);
        return Prices.LastOrDefault(price => price.From <= day);
    }
}
