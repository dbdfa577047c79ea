using System.ComponentModel.DataAnnotations;
using ApiSvc.AiAdapter.Providers;

namespace ApiSvc.AiAdapter.Connections;

/// <summary>A connection to a provider as it is given.</summary>
internal sealed record ConnectionInput : IValidatableObject
{
    /// <summary>Unique in the team; small letters, digits, hyphens, underscores and points.</summary>
    [StringLength(100, MinimumLength = 1)]
    [RegularExpression(
        "^[a-z0-9][a-z0-9._-]*$",
        ErrorMessage = "Must be small letters, digits, hyphens, underscores and points, beginning with a letter or digit."
    )]
    public required string Name { get; init; }

    /// <summary>One of <c>/v1/providers</c>. Either this or <see cref="Custom"/>.</summary>
    [StringLength(100)]
    public string? Provider { get; init; }

    /// <summary>A provider that is not listed.</summary>
    public CustomProvider? Custom { get; init; }

    /// <summary>What the places in the provider's address stand for: <c>region</c>, <c>resource</c>, …</summary>
    [MaxLength(10)]
    public IReadOnlyDictionary<string, string> Places { get; init; } =
        new Dictionary<string, string>();

    /// <summary>Version of the provider's API, where it has versions; the adapter's choice unless given.</summary>
    [RegularExpression(
        "^[A-Za-z0-9.-]{1,40}$",
        ErrorMessage = "Must be letters, digits, points and hyphens."
    )]
    public string? ApiVersion { get; init; }

    /// <summary>Leaves out what a model cannot take, with a warning to the caller, instead of refusing the call.</summary>
    public bool DropUnsupported { get; init; }

    /// <summary>Nothing is sent over it while it is disabled.</summary>
    public bool Disabled { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider is null == Custom is null)
        {
            yield return new("Give either provider or custom.", [nameof(Provider)]);
        }
    }
}

/// <summary>A provider as data: whose format it speaks, where, and what it does differently.</summary>
internal sealed record CustomProvider
{
    /// <summary>The format's name; OpenAI's Chat Completions unless given.</summary>
    [StringLength(40)]
    public string Family { get; init; } = "openai-chat";

    /// <summary>Base address with its version path: <c>https://llm.example/v1</c>.</summary>
    [StringLength(2000, MinimumLength = 1)]
    public required string Address { get; init; }

    public Authentication Authentication { get; init; } = new();

    /// <summary>Sent with every call. Nothing secret: secrets are keys.</summary>
    [MaxLength(20)]
    public IReadOnlyDictionary<string, string> Headers { get; init; } =
        new Dictionary<string, string>();

    public Quirks Quirks { get; init; } = Quirks.None;

    /// <summary>It is in the own network, where plain HTTP will do.</summary>
    public bool Local { get; init; }
}
