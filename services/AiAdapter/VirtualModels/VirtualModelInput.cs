using System.ComponentModel.DataAnnotations;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.VirtualModels;

/// <summary>A name that clients call, and what stands behind it, as it is given.</summary>
internal sealed record VirtualModelInput
{
    /// <summary>What clients send as <c>model</c>: unique among the team's names and aliases.</summary>
    [StringLength(200, MinimumLength = 1)]
    [RegularExpression(
        "^[A-Za-z0-9][A-Za-z0-9._:/-]*$",
        ErrorMessage = "Must be letters, digits, points, hyphens, underscores, colons and slashes, beginning with a letter or digit."
    )]
    public required string Name { get; init; }

    [StringLength(10_000)]
    public string Description { get; init; } = "";

    public RoutingStrategy Strategy { get; init; } = RoutingStrategy.Priority;

    [MinLength(1)]
    [MaxLength(50)]
    public required IReadOnlyList<TargetInput> Targets { get; init; }

    /// <summary>The most tries of one call.</summary>
    [Range(1, 10)]
    public int Attempts { get; init; } = 3;

    /// <summary>Whether another target is asked when a provider's filter refuses.</summary>
    public bool FallbackOnRefusal { get; init; }

    /// <summary>How long equal requests are answered from the cache; never, unless given.</summary>
    [Range(1, 2_592_000)]
    public int? CacheSeconds { get; init; }

    /// <summary>It cannot be called while it is disabled.</summary>
    public bool Disabled { get; init; }
}

/// <summary>A model at a connection.</summary>
internal sealed record TargetInput
{
    public required Id<ConnectionKind> ConnectionId { get; init; }

    /// <summary>The model's name at the provider; at Azure the deployment's.</summary>
    [StringLength(200, MinimumLength = 1)]
    [RegularExpression(@"^[\x21-\x7e]*$", ErrorMessage = "Must be printable ASCII without spaces.")]
    public required string Model { get; init; }

    /// <summary>Lower ones first; the strategy chooses among equals.</summary>
    [Range(0, 1000)]
    public int Priority { get; init; }

    [Range(1, 1000)]
    public int Weight { get; init; } = 1;

    /// <summary>The connection's keys that are used; all unless given.</summary>
    [MaxLength(50)]
    public IReadOnlyList<Id<ProviderKeyKind>> KeyIds { get; init; } = [];
}
