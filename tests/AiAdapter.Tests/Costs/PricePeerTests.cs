using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.Testing;

namespace ApiSvc.AiAdapter.Tests.Costs;

/// <summary>Prices and sums against an independent list and calculation, wherever both know a price.</summary>
public sealed class PricePeerTests
{
    // Catalogues disagree on these, or the list counts what is no token of text.
    private static readonly HashSet<string> Disagreements =
    [
        "anthropic/claude-sonnet-5-5",
        "deepseek/deepseek-v4-pro",
        "mistral/magistral-medium-latest",
        "mistral/mistral-embed",
        "openai/gpt-4o-mini-tts",
        "openai/gpt-image-1",
        "openai/gpt-image-2",
    ];

    private static readonly Dictionary<string, string> Providers = new()
    {
        ["openai"] = "openai",
        ["anthropic"] = "anthropic",
        ["google"] = "google",
        ["xai"] = "x-ai",
        ["mistral"] = "mistral",
        ["deepseek"] = "deepseek",
        ["groq"] = "groq",
        ["moonshotai"] = "moonshotai",
        ["minimax"] = "minimax",
        ["cohere"] = "cohere",
    };

    [Fact]
    public async Task Of_ModelsBothKnow_CostTheSame()
    {
        var calls = BuiltInData
            .Models()
            .Models.Where(model =>
                Providers.ContainsKey(model.Provider) && !Disagreements.Contains(model.Key)
            )
            .Where(model => model.Prices.Prices.Count > 0)
            .SelectMany(model => UsagesOf(model).Select(usage => (Model: model, Usage: usage)))
            .ToList();
        var asked = new JsonArray([.. calls.Select(call => Ask(call.Model, call.Usage))]);
        await using var peer = await NodePeer.StartAsync(
            Path.Combine(Repository.Root, "tests", "AiAdapter.Tests", "peers"),
            "prices.cjs",
            new() { ["calls"] = asked }
        );
        var prices = peer.Self["prices"]!.AsArray();

        var compared = new HashSet<string>();
        for (var i = 0; i < calls.Count; i++)
        {
            if (prices[i] is { } told)
            {
                var (model, usage) = calls[i];
                var cost = Cost.Of(usage, model.Prices.Prices[^1]);
                (cost.PicoUnits / 1e12).ShouldBe(
                    told.GetValue<double>(),
                    1e-9,
                    $"{model.Key}: {usage}"
                );
                compared.Add(model.Key);
            }
        }

        compared.Count.ShouldBeGreaterThan(55);
    }

    private static IEnumerable<Usage> UsagesOf(Model model)
    {
        var card = model.Prices.Prices[^1].Standard;
        yield return new() { Input = 1000, Output = 500 };
        yield return new()
        {
            Input = 5000,
            CachedInput = 3000,
            Output = 700,
        };
        if (card.Rates.CacheWrite is not null)
        {
            yield return new()
            {
                Input = 9000,
                CachedInput = 2000,
                CacheWrite5Minutes = 3000,
                Output = 10,
            };
        }

        foreach (var step in card.LongContext)
        {
            yield return new() { Input = step.Above + 1, Output = 100 };
            yield return new()
            {
                Input = step.Above + 5000,
                CachedInput = 2000,
                Output = 100,
            };
        }
    }

    private static JsonObject Ask(Model model, Usage usage) =>
        new()
        {
            ["provider"] = Providers[model.Provider],
            ["model"] = model.Id,
            ["input"] = usage.Input,
            ["cached"] = usage.CachedInput,
            ["written"] = usage.CacheWrites,
            ["output"] = usage.Output,
        };
}
