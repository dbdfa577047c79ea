using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.VirtualModels;

/// <summary>A row of the table <c>virtual_model</c>.</summary>
internal sealed record VirtualModelRow : ITeamRow
{
    public static readonly TeamTable<VirtualModelRow> Table = new(
        "virtual_model",
        "name",
        "description",
        "strategy",
        "targets::jsonb",
        "attempts",
        "fallback_on_refusal",
        "cache_seconds",
        "disabled"
    );

    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>A name of <see cref="RoutingStrategy"/>.</summary>
    public string Strategy { get; init; } = nameof(RoutingStrategy.Priority);

    /// <summary>JSON of <see cref="TargetInput"/>s.</summary>
    public string Targets { get; init; } = "[]";

    public int Attempts { get; init; }

    public bool FallbackOnRefusal { get; init; }

    public int? CacheSeconds { get; init; }

    public bool Disabled { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => new Id<VirtualModelKind>(Id).ToString();

    public IReadOnlyList<TargetInput> TargetList =>
        Stored.Read<IReadOnlyList<TargetInput>>(Targets);

    object ITeamRow.Parameters => this;

    object ITeamRow.Document => ToDocument();

    public VirtualModelRow With(VirtualModelInput input) =>
        this with
        {
            Name = input.Name,
            Description = input.Description,
            Strategy = input.Strategy.ToString(),
            Targets = Stored.Write(input.Targets),
            Attempts = input.Attempts,
            FallbackOnRefusal = input.FallbackOnRefusal,
            CacheSeconds = input.CacheSeconds,
            Disabled = input.Disabled,
        };

    public VirtualModelDocument ToDocument() =>
        new(
            new(Id),
            new(TeamId),
            Name,
            Description,
            Stored.Word<RoutingStrategy>(Strategy),
            TargetList,
            Attempts,
            FallbackOnRefusal,
            CacheSeconds,
            Disabled,
            CreatedAt
        );
}

/// <summary>A name that clients call, and what stands behind it.</summary>
/// <param name="Strategy">Null: one of a later build, by which this one does not serve.</param>
internal sealed record VirtualModelDocument(
    Id<VirtualModelKind> Id,
    Id<TeamKind> TeamId,
    string Name,
    string Description,
    RoutingStrategy? Strategy,
    IReadOnlyList<TargetInput> Targets,
    int Attempts,
    bool FallbackOnRefusal,
    int? CacheSeconds,
    bool Disabled,
    DateTimeOffset CreatedAt
);
