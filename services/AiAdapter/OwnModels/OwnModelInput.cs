using System.ComponentModel.DataAnnotations;
using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.OwnModels;

/// <summary>What a model can do, and how it differs, in the catalogue's words.</summary>
internal enum Ability
{
    Tools,
    Vision,
    JsonSchema,
    Streaming,
    Reasoning,

    /// <summary>Takes no temperature and the like.</summary>
    NoSampling,

    /// <summary>Thinks by a budget of tokens, not by an effort.</summary>
    Budget,
}

/// <summary>What is not said of a model is as the catalogue says, and where it says nothing, as most models are.</summary>
internal sealed record ModelAbout
{
    public ModelKind? Kind { get; init; }

    [Range(1, 1_000_000_000)]
    public long? ContextTokens { get; init; }

    [Range(1, 1_000_000_000)]
    public long? MaxOutputTokens { get; init; }

    [MaxLength(20)]
    public IReadOnlyList<Ability>? Abilities { get; init; }

    [MaxLength(10)]
    public IReadOnlyList<Effort>? Efforts { get; init; }
}

/// <summary>A team's own model, or its own prices of a known one, as it is given.</summary>
internal sealed record OwnModelInput : IValidatableObject
{
    /// <summary>At all of the team's connections to this provider. Either this or <see cref="ConnectionId"/>.</summary>
    [StringLength(100)]
    public string? Provider { get; init; }

    /// <summary>At this connection alone.</summary>
    public Id<ConnectionKind>? ConnectionId { get; init; }

    /// <summary>Its name at the provider.</summary>
    [StringLength(200, MinimumLength = 1)]
    [RegularExpression(@"^[\x21-\x7e]*$", ErrorMessage = "Must be printable ASCII without spaces.")]
    public required string Name { get; init; }

    public ModelAbout About { get; init; } = new();

    /// <summary>In place of the catalogue's, if there are any.</summary>
    [MaxLength(100)]
    public IReadOnlyList<PriceDocument> Prices { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider is null == ConnectionId is null)
        {
            yield return new("Give either provider or connectionId.", [nameof(Provider)]);
        }
    }
}
