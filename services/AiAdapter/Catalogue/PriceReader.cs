using System.Globalization;
using System.Text.Json;
using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>Reads a model's prices: decimals of a currency per million become integers, or are refused.</summary>
internal sealed class PriceReader(DataFile file)
{
    private static readonly string[] RateNames =
    [
        "input",
        "output",
        "cachedInput",
        "cacheWrite",
        "cacheWrite1Hour",
        "reasoning",
        "audioInput",
        "cachedAudioInput",
        "audioOutput",
        "imageInput",
        "imageOutput",
    ];

    public PriceHistory Read(JsonElement model, string path)
    {
        List<Price> prices = [];
        foreach (var (element, at) in file.Items(model, "prices", path))
        {
            file.Known(
                element,
                at,
                [.. RateNames, "from", "source", "currency", "longContext", "tiers", "webSearch"]
            );
            if (
                !DateOnly.TryParseExact(
                    element.Text("from"),
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out var from
                )
            )
            {
                file.Problem($"{at}.from", "Must be a day as 2026-11-10.");
            }

            prices.Add(
                new(
                    from,
                    element.Text("currency") ?? "USD",
                    Card(element, at),
                    Tiers(element, at),
                    Micro(element, at, "webSearch"),
                    element.Text("source")
                )
            );
        }

        if (prices.GroupBy(price => price.From).Any(group => group.Count() > 1))
        {
            file.Problem($"{path}.prices", "Two begin on the same day.");
        }

        return prices.Count == 0
            ? PriceHistory.Unknown
            : new([.. prices.OrderBy(price => price.From)]);
    }

    private Dictionary<ServiceTier, RateCard> Tiers(JsonElement element, string at)
    {
        Dictionary<ServiceTier, RateCard> tiers = [];
        if (element.Child("tiers") is { ValueKind: JsonValueKind.Object } list)
        {
            foreach (var tier in list.EnumerateObject())
            {
                if (Enum.TryParse<ServiceTier>(tier.Name, ignoreCase: true, out var known))
                {
                    tiers[known] = Card(tier.Value, $"{at}.tiers.{tier.Name}");
                }
                else
                {
                    file.Problem($"{at}.tiers.{tier.Name}", "Must be flex, priority or batch.");
                }
            }
        }

        return tiers;
    }

    private RateCard Card(JsonElement element, string path)
    {
        List<ContextTier> steps = [];
        foreach (var (step, at) in file.Items(element, "longContext", path))
        {
            file.Known(step, at, [.. RateNames, "above"]);
            var above = file.Tokens(step, at, "above");
            if (above is null || (steps.Count > 0 && above <= steps[^1].Above))
            {
                file.Problem(
                    $"{at}.above",
                    "Must be a number of tokens, more than the step before."
                );
            }

            steps.Add(new(above ?? 0, RatesOf(step, at)));
        }

        return new(RatesOf(element, path), steps);
    }

    private Rates RatesOf(JsonElement element, string path)
    {
        foreach (var name in (string[])["input", "output"])
        {
            if (element.Child(name) is null)
            {
                file.Problem($"{path}.{name}", "Is required: a price per million tokens.");
            }
        }

        return new()
        {
            Input = Micro(element, path, "input") ?? 0,
            Output = Micro(element, path, "output") ?? 0,
            CachedInput = Micro(element, path, "cachedInput"),
            CacheWrite = Micro(element, path, "cacheWrite"),
            CacheWrite1Hour = Micro(element, path, "cacheWrite1Hour"),
            Reasoning = Micro(element, path, "reasoning"),
            AudioInput = Micro(element, path, "audioInput"),
            CachedAudioInput = Micro(element, path, "cachedAudioInput"),
            AudioOutput = Micro(element, path, "audioOutput"),
            ImageInput = Micro(element, path, "imageInput"),
            ImageOutput = Micro(element, path, "imageOutput"),
        };
    }

    // 0.0028 of the currency a million tokens: exactly 2800 micro-units.
    private long? Micro(JsonElement element, string path, string name)
    {
        if (element.Child(name) is not { } value)
        {
            return null;
        }

        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetDecimal(out var price)
            && price is >= 0 and < 1_000_000
            && decimal.IsInteger(price * 1_000_000m)
        )
        {
            return (long)(price * 1_000_000m);
        }

        file.Problem(
            $"{path}.{name}",
            "Must be a price per million, not negative, with at most six decimals."
        );
        return null;
    }
}
