using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Connections;
using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.OwnModels;
using ApiSvc.AiAdapter.Providers;

namespace ApiSvc.AiAdapter.Configuration;

/// <summary>What is known of a model at a connection: first by the team's own words, then by the catalogue's.</summary>
internal sealed class ModelFacts(CurrentCatalogue catalogue)
{
    public (ModelTraits Traits, PriceHistory Prices) Find(
        ConnectionRow connection,
        string model,
        IReadOnlyList<OwnModelRow> own
    )
    {
        var listed = connection.Provider is { } provider ? Listed(provider, model) : null;
        var said =
            own.FirstOrDefault(row => row.ConnectionId == connection.Id && row.Name == model)
            ?? own.FirstOrDefault(row =>
                row.Provider is not null && row.Provider == connection.Provider && row.Name == model
            );
        var traits = listed?.Traits ?? new ModelTraits();
        var prices = listed?.Prices ?? PriceHistory.Unknown;
        if (said is null)
        {
            return (traits, prices);
        }

        // Wrong prices were refused when they were set: what a later build cannot read, it does not know.
        var (ownPrices, problems) = said.ReadPrices();
        return (
            Merge(traits, said.ModelAbout),
            problems.Count == 0 && ownPrices.Prices.Count > 0 ? ownPrices : prices
        );
    }

    /// <summary>A provider may be listed under several names, one for each of its formats: its models are the same.</summary>
    public Model? Listed(string provider, string model) =>
        catalogue.Models.Find($"{provider}/{model}")
        ?? (
            catalogue.Providers.TryGetValue(provider, out var config)
                ? catalogue
                    .Providers.Values.Where(other =>
                        other.Name != provider && other.Address == config.Address
                    )
                    .Select(other => catalogue.Models.Find($"{other.Name}/{model}"))
                    .FirstOrDefault(found => found is not null)
                : null
        );

    private static ModelTraits Merge(ModelTraits traits, ModelAbout about)
    {
        traits = traits with
        {
            ContextTokens = about.ContextTokens ?? traits.ContextTokens,
            MaxOutputTokens = about.MaxOutputTokens ?? traits.MaxOutputTokens,
            Efforts = about.Efforts is { Count: > 0 } efforts
                ? [.. efforts.Order()]
                : traits.Efforts,
        };
        return about.Abilities is not { } abilities
            ? traits
            : traits with
            {
                Tools = abilities.Contains(Ability.Tools),
                Vision = abilities.Contains(Ability.Vision),
                StructuredOutput = abilities.Contains(Ability.JsonSchema),
                Reasoning = abilities.Contains(Ability.Reasoning),
                Sampling = !abilities.Contains(Ability.NoSampling),
                ThinksByBudget = abilities.Contains(Ability.Budget),
            };
    }
}
