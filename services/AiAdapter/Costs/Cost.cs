using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Costs;

/// <summary>The exact cost of one call.</summary>
/// <param name="PicoUnits">Of the currency: tokens times micro-units per million.</param>
/// <param name="Unpriced">Parts that were charged at the nearest rate known, for want of their own.</param>
internal sealed record Cost(long PicoUnits, string Currency, IReadOnlyList<string> Unpriced)
{
    /// <summary>Multiplies counts with rates; integers all the way, and never rounded.</summary>
    /// <exception cref="OverflowException">More than nine million of the currency for one call.</exception>
    public static Cost Of(in Usage usage, Price price)
    {
        List<string> unpriced = [];
        var card = price.Standard;
        if (usage.Tier != ServiceTier.Default && !price.Tiers.TryGetValue(usage.Tier, out card!))
        {
            card = price.Standard;
            unpriced.Add($"service tier {usage.Tier}");
        }

        var rates = card.For(usage.Input);
        var audio = rates.AudioInput is null ? 0 : usage.AudioInput - usage.CachedAudioInput;
        var cachedAudio = rates.CachedAudioInput is null ? 0 : usage.CachedAudioInput;
        var images = rates.ImageInput is null ? 0 : usage.ImageInput;
        var cached = usage.CachedInput - cachedAudio;
        var plain = usage.Input - usage.CachedInput - usage.CacheWrites - audio - images;
        var audioOutput = rates.AudioOutput is null ? 0 : usage.AudioOutput;
        var imageOutput = rates.ImageOutput is null ? 0 : usage.ImageOutput;
        var reasoning = rates.Reasoning is null ? 0 : usage.Reasoning;
        var answer = usage.Output - audioOutput - imageOutput - reasoning;
        if (usage.CacheWrite1Hour > 0 && rates.CacheWrite1Hour is null)
        {
            unpriced.Add("cache writes for an hour");
        }

        if (usage.WebSearches > 0 && price.WebSearch is null)
        {
            unpriced.Add("web searches");
        }

        // A cache that has no price of its own costs what the prompt costs. Parts that contradict the whole
        // (cached images, say) must not make a sum smaller than nothing.
        var write = rates.CacheWrite ?? rates.Input;
        var sum = checked(
            (Math.Max(0, plain) * rates.Input)
            + (Math.Max(0, cached) * (rates.CachedInput ?? rates.Input))
            + (usage.CacheWrite5Minutes * write)
            + (usage.CacheWrite1Hour * (rates.CacheWrite1Hour ?? write))
            + (Math.Max(0, audio) * (rates.AudioInput ?? 0))
            + (cachedAudio * (rates.CachedAudioInput ?? 0))
            + (images * (rates.ImageInput ?? 0))
            + (Math.Max(0, answer) * rates.Output)
            + (reasoning * (rates.Reasoning ?? 0))
            + (audioOutput * (rates.AudioOutput ?? 0))
            + (imageOutput * (rates.ImageOutput ?? 0))
            + (usage.WebSearches * (price.WebSearch ?? 0))
        );
        return new(sum, price.Currency, unpriced);
    }
}
