using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;

namespace ApiSvc.AiAdapter.Catalogue;

internal enum ModelKind
{
    Chat,
    Embedding,
    Rerank,
    Image,
    Transcription,
    Speech,
    Moderation,
}

/// <summary>A model at a provider, as the catalogue knows it.</summary>
/// <param name="Id">Its name at the provider.</param>
/// <param name="Prices">Empty where no price is known: such a call costs an unknown amount, not nothing.</param>
internal sealed record Model(
    string Provider,
    string Id,
    ModelKind Kind,
    long? ContextTokens,
    long? MaxOutputTokens,
    Abilities Abilities,
    PriceHistory Prices
)
{
    public string Key => $"{Provider}/{Id}";

    public ModelTraits Traits =>
        new()
        {
            MaxOutputTokens = MaxOutputTokens,
            ContextTokens = ContextTokens,
            Sampling = Abilities.Sampling,
            Tools = Abilities.Tools,
            Vision = Abilities.Vision,
            StructuredOutput = Abilities.JsonSchema,
            Reasoning = Abilities.Reasoning,
            Efforts = Abilities.Efforts,
            ThinksByBudget = Abilities.ThinksByBudget,
        };
}

internal sealed record Abilities
{
    public bool Tools { get; init; }

    public bool Vision { get; init; }

    public bool JsonSchema { get; init; }

    public bool Streaming { get; init; }

    public bool Reasoning { get; init; }

    /// <summary>Takes temperature, top_p and the like.</summary>
    public bool Sampling { get; init; } = true;

    public IReadOnlyList<Effort> Efforts { get; init; } = [Effort.Low, Effort.Medium, Effort.High];

    public bool ThinksByBudget { get; init; }
}
