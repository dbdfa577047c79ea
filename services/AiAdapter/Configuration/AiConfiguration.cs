using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.Routing;

namespace ApiSvc.AiAdapter.Configuration;

/// <summary>All that calls are served by, as of one moment. Replaced as a whole, never changed.</summary>
/// <param name="Generation">Counts up with each change.</param>
internal sealed record AiConfiguration(long Generation, IReadOnlyDictionary<Guid, TeamModels> Teams)
{
    /// <summary>Of nothing.</summary>
    public static AiConfiguration Empty { get; } = new(0, new Dictionary<Guid, TeamModels>());
}

/// <summary>The models of a team that publishes AI APIs, by the names clients call them.</summary>
internal sealed record TeamModels(IReadOnlyDictionary<string, ServedModel> Models)
{
    /// <summary>Names that are there and cannot be called, each with its reason: 503, not 404.</summary>
    public IReadOnlyDictionary<string, string> Quarantined { get; init; } =
        new Dictionary<string, string>();

    /// <summary>What the team caps: of calls to its APIs, and of its own calls to others.</summary>
    public IReadOnlyList<BudgetRule> Budgets { get; init; } = [];

    /// <summary>What became of each virtual model, by its id.</summary>
    public IReadOnlyDictionary<Guid, ServedState> States { get; init; } =
        new Dictionary<Guid, ServedState>();
}

/// <summary>A virtual model that can be called.</summary>
internal sealed record ServedModel
{
    /// <summary>Stays the same object for as long as what it routes to does, so that what it learned is kept.</summary>
    public required Router Router { get; init; }

    /// <summary>What each deployment costs, by <see cref="Providers.Deployment.Name"/>. Not there: not known.</summary>
    public required IReadOnlyDictionary<string, PriceHistory> Prices { get; init; }

    /// <summary>How long equal requests are answered from the cache; null: never.</summary>
    public TimeSpan? CacheFor { get; init; }

    public string Name => Router.Model.Name;
}

/// <summary>Where the configuration of now is.</summary>
internal interface IAiConfigurationSource
{
    AiConfiguration Current { get; }
}
