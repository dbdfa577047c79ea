using ApiSvc.AiAdapter.Connections;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>Known providers and models over REST, read only.</summary>
internal static class CatalogueApi
{
    public static void MapCatalogue(this RouteGroupBuilder routes)
    {
        routes.MapGet("/providers", ListProviders).RequirePermission("ai.read", Team.Any);
        routes.MapGet("/models", ListModels).RequirePermission("ai.read", Team.Any);
    }

    private static Page<ProviderDocument> ListProviders(
        PageRequest<(string, long)> page,
        CurrentCatalogue catalogue
    ) =>
        page.ToPage(
            [
                .. catalogue
                    .Providers.Values.OrderBy(p => p.Name, StringComparer.Ordinal)
                    .SkipWhile(p => string.CompareOrdinal(p.Name, page.After?.Item1) <= 0)
                    .Take(page.Fetch),
            ],
            provider => (provider.Name, 0L),
            ProviderDocument.Of
        );

    private static Page<ModelDocument> ListModels(
        PageRequest<(string, long)> page,
        Query<ModelFilter> filter,
        CurrentCatalogue catalogue
    ) =>
        page.ToPage(
            [
                .. catalogue
                    .Models.Models.Where(filter.Value.Includes)
                    .OrderBy(m => m.Key, StringComparer.Ordinal)
                    .SkipWhile(m => string.CompareOrdinal(m.Key, page.After?.Item1) <= 0)
                    .Take(page.Fetch),
            ],
            model => (model.Key, 0L),
            ModelDocument.Of
        );
}

/// <summary>A provider that connections can be made to.</summary>
/// <param name="Family">Whose format it speaks.</param>
/// <param name="Places">What a connection has to say of its address.</param>
/// <param name="Keys">How it knows callers: <c>bearer</c>, <c>header</c>, <c>sigV4</c> or <c>none</c>.</param>
/// <param name="Local">It is in the own network, where plain HTTP will do.</param>
internal sealed record ProviderDocument(
    string Name,
    string? Title,
    string Family,
    string Address,
    IReadOnlyList<string> Places,
    AuthenticationKind Keys,
    bool Local
)
{
    public static ProviderDocument Of(ProviderConfig provider) =>
        new(
            provider.Name,
            provider.Title,
            provider.Family,
            provider.Address,
            [.. ConnectionRules.PlacesOf(provider.Address)],
            provider.Authentication.Kind,
            provider.Local
        );
}

/// <summary>What a list of models is narrowed by.</summary>
internal sealed record ModelFilter
{
    public string? Provider { get; init; }

    public ModelKind? Kind { get; init; }

    /// <summary>Each of them.</summary>
    public IReadOnlyList<ModelAbility> Ability { get; init; } = [];

    public bool Includes(Model model) =>
        (Provider is null || model.Provider == Provider)
        && (Kind is null || model.Kind == Kind)
        && Ability.All(wanted => ModelDocument.AbilitiesOf(model).Contains(wanted));
}

internal enum ModelAbility
{
    Tools,
    Vision,
    JsonSchema,
    Streaming,
    Reasoning,
}

/// <summary>A model at a provider, as the catalogue knows it.</summary>
/// <param name="Id">Its name at the provider.</param>
/// <param name="Efforts">Those that it knows, where it reasons.</param>
/// <param name="Prices">None where no price is known.</param>
internal sealed record ModelDocument(
    string Provider,
    string Id,
    ModelKind Kind,
    long? ContextTokens,
    long? MaxOutputTokens,
    IReadOnlyList<ModelAbility> Abilities,
    IReadOnlyList<Effort> Efforts,
    IReadOnlyList<PriceDocument> Prices
)
{
    public static ModelDocument Of(Model model) =>
        new(
            model.Provider,
            model.Id,
            model.Kind,
            model.ContextTokens,
            model.MaxOutputTokens,
            [.. AbilitiesOf(model)],
            model.Abilities.Reasoning ? model.Abilities.Efforts : [],
            [.. model.Prices.Prices.Select(price => new PriceDocument(price))]
        );

    public static IEnumerable<ModelAbility> AbilitiesOf(Model model)
    {
        (bool Has, ModelAbility Ability)[] all =
        [
            (model.Abilities.Tools, ModelAbility.Tools),
            (model.Abilities.Vision, ModelAbility.Vision),
            (model.Abilities.JsonSchema, ModelAbility.JsonSchema),
            (model.Abilities.Streaming, ModelAbility.Streaming),
            (model.Abilities.Reasoning, ModelAbility.Reasoning),
        ];
        return all.Where(a => a.Has).Select(a => a.Ability);
    }
}
