using System.ComponentModel.DataAnnotations;
using ApiSvc.Catalog.BasePaths;
using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Import;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Catalog.Versions;

/// <summary>A version as it is shown.</summary>
/// <param name="NextStates">Where it can go from its state.</param>
/// <param name="Host">Empty for any.</param>
internal sealed record VersionDocument(
    Id<VersionKind> Id,
    Id<ApiKind> ApiId,
    string Name,
    VersionState State,
    IReadOnlyList<VersionState> NextStates,
    string Host,
    string BasePath,
    VersionSelector? Selector,
    bool OnlyOperations,
    IReadOnlyList<UpstreamInput> Upstreams,
    IReadOnlyList<Id<PlanKind>> PlanIds,
    SpecificationFormat? Format,
    int OperationCount,
    DateTimeOffset? DeprecatedAt,
    DateTimeOffset? SunsetAt,
    Id<VersionKind>? SuccessorId,
    string DeprecationReason,
    string MigrationGuide,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
);

/// <summary>How a request names the version, where several share a base path.</summary>
internal sealed record VersionSelector
{
    public required SelectorSource Source { get; init; }

    /// <summary>Of the header, query parameter or media type parameter; empty for the path.</summary>
    [StringLength(100)]
    public string Name { get; init; } = "";

    [StringLength(100, MinimumLength = 1)]
    public required string Value { get; init; }

    /// <summary>Whether a request that names no version means this one.</summary>
    public bool IsDefault { get; init; }
}

/// <summary>An upstream of a version; where it is, a binding says.</summary>
internal sealed record UpstreamInput
{
    [RegularExpression(
        "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$",
        ErrorMessage = "Must be 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'."
    )]
    public required string Name { get; init; }

    /// <summary>In milliseconds; 0 is the gateway's default.</summary>
    [Range(0, 60_000)]
    public int ConnectTimeoutMilliseconds { get; init; }

    /// <summary>In milliseconds; 0 is the gateway's default.</summary>
    [Range(0, 3_600_000)]
    public int TotalTimeoutMilliseconds { get; init; }
}

/// <summary>What can be said of a version.</summary>
internal record VersionSettings : IValidatableObject
{
    private const int MaxUpstreams = 20;

    /// <summary>The upstream of a version that names none.</summary>
    public const string DefaultUpstream = "default";

    /// <summary>Empty for any.</summary>
    public string Host { get; init; } = "";

    /// <summary>Without it <c>/{team}/{api}</c>, or what it was before.</summary>
    public string? BasePath { get; init; }

    public VersionSelector? Selector { get; init; }

    /// <summary>Whether calls outside the operations are refused, and not forwarded.</summary>
    public bool OnlyOperations { get; init; } = true;

    public IReadOnlyList<UpstreamInput> Upstreams { get; init; } =
    [new() { Name = DefaultUpstream }];

    /// <summary>Plans of the team that it is offered in; none: no subscription is asked for.</summary>
    [MaxLength(100)]
    public IReadOnlyList<Id<PlanKind>> PlanIds { get; init; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BasePath is not null && BasePathForm.FindFault(BasePath) is { } wrongPath)
        {
            yield return new(wrongPath, [nameof(BasePath)]);
        }

        if (BasePathForm.FindHostFault(Host) is { } wrongHost)
        {
            yield return new(wrongHost, [nameof(Host)]);
        }

        if (
            Upstreams.Count is 0 or > MaxUpstreams
            || Upstreams.DistinctBy(u => u.Name).Count() != Upstreams.Count
        )
        {
            yield return new(
                $"There are 1 to {MaxUpstreams} upstreams, each with a name of its own.",
                [nameof(Upstreams)]
            );
        }

        if (
            Selector
            is { Source: not SelectorSource.Path, Name.Length: 0 }
                or { Source: SelectorSource.Path, Name.Length: > 0 }
        )
        {
            yield return new(
                "A selector by header, query or media type has a name; one by path has none.",
                [nameof(Selector)]
            );
        }
    }
}

/// <summary>A version as it is created.</summary>
internal sealed record VersionInput : VersionSettings
{
    /// <summary>Such as v1 or 2026-11-01; unique in the API.</summary>
    [RegularExpression(VersionNameForm.Pattern, ErrorMessage = VersionNameForm.Rule)]
    public required string Name { get; init; }
}

/// <summary>A step to another state.</summary>
internal sealed record TransitionInput
{
    public required VersionState To { get; init; }

    /// <summary>For the others; of a deprecation without successor its reason.</summary>
    [StringLength(10_000)]
    public string Comment { get; init; } = "";

    /// <summary>For a deprecation: when it will end.</summary>
    public DateTimeOffset? SunsetAt { get; init; }

    /// <summary>For a deprecation.</summary>
    public Id<VersionKind>? SuccessorVersionId { get; init; }

    /// <summary>For a deprecation: an address, or Markdown. Sent as a link where it is an address.</summary>
    [StringLength(100_000)]
    public string MigrationGuide { get; init; } = "";
}
