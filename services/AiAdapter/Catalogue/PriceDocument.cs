using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using ApiSvc.AiAdapter.Costs;

namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>
/// What tokens cost, in decimals of the currency per million tokens, with at most six places. Not there: no separate price.
/// </summary>
internal record RatesDocument
{
    public RatesDocument() { }

    [SetsRequiredMembers]
    protected RatesDocument(Rates rates)
    {
        Input = rates.Input / 1_000_000m;
        Output = rates.Output / 1_000_000m;
        CachedInput = Decimal(rates.CachedInput);
        CacheWrite = Decimal(rates.CacheWrite);
        CacheWrite1Hour = Decimal(rates.CacheWrite1Hour);
        Reasoning = Decimal(rates.Reasoning);
        AudioInput = Decimal(rates.AudioInput);
        CachedAudioInput = Decimal(rates.CachedAudioInput);
        AudioOutput = Decimal(rates.AudioOutput);
        ImageInput = Decimal(rates.ImageInput);
        ImageOutput = Decimal(rates.ImageOutput);
    }

    public required decimal Input { get; init; }

    public required decimal Output { get; init; }

    public decimal? CachedInput { get; init; }

    /// <summary>Written to a cache for five minutes, or for a time that the provider does not name.</summary>
    public decimal? CacheWrite { get; init; }

    public decimal? CacheWrite1Hour { get; init; }

    public decimal? Reasoning { get; init; }

    public decimal? AudioInput { get; init; }

    public decimal? CachedAudioInput { get; init; }

    public decimal? AudioOutput { get; init; }

    public decimal? ImageInput { get; init; }

    public decimal? ImageOutput { get; init; }

    protected static decimal? Decimal(long? micro) => micro / 1_000_000m;
}

/// <summary>Rates for prompts of more tokens than <see cref="Above"/>: they are for the whole call.</summary>
internal sealed record ContextTierDocument : RatesDocument
{
    public ContextTierDocument() { }

    [SetsRequiredMembers]
    public ContextTierDocument(ContextTier tier)
        : base(tier.Rates) => Above = tier.Above;

    public required long Above { get; init; }
}

/// <summary>Rates of one service tier, with their steps by the length of the prompt in ascending order.</summary>
internal record CardDocument : RatesDocument
{
    public CardDocument() { }

    [SetsRequiredMembers]
    public CardDocument(RateCard card)
        : base(card.Rates) =>
        LongContext = [.. card.LongContext.Select(tier => new ContextTierDocument(tier))];

    [MaxLength(10)]
    public IReadOnlyList<ContextTierDocument> LongContext { get; init; } = [];
}

/// <summary>A model's price from a day on.</summary>
internal sealed record PriceDocument : CardDocument
{
    public PriceDocument() { }

    [SetsRequiredMembers]
    public PriceDocument(Price price)
        : base(price.Standard)
    {
        From = price.From;
        Currency = price.Currency;
        Tiers = price.Tiers.ToDictionary(
            tier => tier.Key.ToString().ToLowerInvariant(),
            tier => new CardDocument(tier.Value),
            StringComparer.Ordinal
        );
        WebSearch = Decimal(price.WebSearch);
        Source = price.Source;
    }

    /// <summary>The first day, UTC, that it holds.</summary>
    public required DateOnly From { get; init; }

    [RegularExpression(
        "^[A-Z]{3}$",
        ErrorMessage = "Must be a currency's three letters (ISO 4217)."
    )]
    public string Currency { get; init; } = "USD";

    /// <summary>Of the tiers <c>flex</c>, <c>priority</c> and <c>batch</c>, where they cost otherwise.</summary>
    [MaxLength(3)]
    public IReadOnlyDictionary<string, CardDocument> Tiers { get; init; } =
        new Dictionary<string, CardDocument>();

    /// <summary>A million searches in the web.</summary>
    public decimal? WebSearch { get; init; }

    /// <summary>Where it was read.</summary>
    [StringLength(200)]
    public string? Source { get; init; }
}
