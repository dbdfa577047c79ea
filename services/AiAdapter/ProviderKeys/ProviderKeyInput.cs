using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.AiAdapter.ProviderKeys;

/// <summary>A key's settings as they are given.</summary>
internal record ProviderKeyInput
{
    /// <summary>Unique in the connection. Never the key itself.</summary>
    [StringLength(100, MinimumLength = 1)]
    [RegularExpression(
        "^[a-z0-9][a-z0-9._-]*$",
        ErrorMessage = "Must be small letters, digits, hyphens, underscores and points, beginning with a letter or digit."
    )]
    public required string Name { get; init; }

    /// <summary>The most calls a minute; no limit unless given.</summary>
    [Range(1, 1_000_000)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens of prompts a minute; no limit unless given.</summary>
    [Range(1, 10_000_000_000)]
    public long? TokensPerMinute { get; init; }

    /// <summary>The most calls at once; no limit unless given.</summary>
    [Range(1, 100_000)]
    public int? Parallel { get; init; }

    /// <summary>It is not used while it is disabled.</summary>
    public bool Disabled { get; init; }
}

/// <summary>A key with its secret, which is never shown again.</summary>
internal sealed record NewProviderKeyInput : ProviderKeyInput
{
    public required ProviderSecret Secret { get; init; }
}

/// <summary>What a provider knows a caller by.</summary>
internal sealed record ProviderSecret
{
    /// <summary>The key; at AWS the secret access key.</summary>
    [Secret]
    [StringLength(8000, MinimumLength = 8)]
    [RegularExpression(
        @"^[\x21-\x7e]*$",
        ErrorMessage = "Must be printable ASCII characters without spaces, as keys are."
    )]
    public required string Key { get; init; }

    /// <summary>At AWS the access key's id.</summary>
    [StringLength(200, MinimumLength = 1)]
    [RegularExpression("^[A-Za-z0-9]*$", ErrorMessage = "Must be letters and digits.")]
    public string? AccessKeyId { get; init; }

    /// <summary>At AWS the token of a session.</summary>
    [Secret]
    [StringLength(8000, MinimumLength = 1)]
    [RegularExpression(
        @"^[\x21-\x7e]*$",
        ErrorMessage = "Must be printable ASCII characters without spaces."
    )]
    public string? SessionToken { get; init; }

    /// <summary>Records write their properties into texts; this one must not.</summary>
    public override string ToString() => "***";
}
