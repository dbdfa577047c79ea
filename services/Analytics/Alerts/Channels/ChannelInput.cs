using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Analytics.Alerts.Channels;

/// <summary>How a channel tells; numbered as in the contract.</summary>
internal enum ChannelType
{
    /// <summary>A POST of JSON, signed by the form of Standard Webhooks.</summary>
    Webhook = 1,

    /// <summary>A POST of text and blocks, as Slack's incoming webhooks take it.</summary>
    Slack = 2,

    Email = 3,
}

/// <summary>A channel as it is given.</summary>
internal sealed record ChannelInput : IValidatableObject
{
    public const int LongestUrl = 2000;

    [Description("Unique in the team.")]
    [StringLength(200, MinimumLength = 1)]
    public required string Name { get; init; }

    [Description("It cannot be changed.")]
    public required ChannelType Kind { get; init; }

    [Description(
        "Of a webhook and of Slack. Of Slack it is a secret, and kept by a change that leaves it out or as it is shown."
    )]
    [StringLength(LongestUrl)]
    public string? Url { get; init; }

    [Description("Of an e-mail: 1 to 20.")]
    [MailAddresses]
    public IReadOnlyList<string> Addresses { get; init; } = [];

    public bool Enabled { get; init; } = true;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Enum.IsDefined(Kind))
        {
            yield return new("Must be one of the contract's values.", [nameof(Kind)]);
            yield break;
        }

        if (Name.Any(char.IsControl))
        {
            yield return new("Must be one line, without control characters.", [nameof(Name)]);
        }

        var isEmail = Kind == ChannelType.Email;
        if (isEmail != Addresses.Count > 0)
        {
            yield return new(
                isEmail ? "Give at least one address." : "Only e-mail has addresses.",
                [nameof(Addresses)]
            );
        }

        if (isEmail && !string.IsNullOrEmpty(Url))
        {
            yield return new("E-mail has no address of this kind.", [nameof(Url)]);
        }

        if (
            !isEmail
            && !string.IsNullOrEmpty(Url)
            && !(
                Uri.TryCreate(Url, UriKind.Absolute, out var url)
                && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
                && url.UserInfo.Length == 0
                && url.Fragment.Length == 0
            )
        )
        {
            yield return new(
                "Must be an http or https address without user and fragment.",
                [nameof(Url)]
            );
        }
    }
}

/// <summary>A channel as it is shown.</summary>
/// <param name="Url">Of Slack without its path, which is a secret.</param>
/// <param name="DisabledReason">Why it was disabled by itself; empty otherwise.</param>
internal sealed record ChannelDocument(
    Id<ChannelKind> Id,
    Id<TeamKind> TeamId,
    string Name,
    ChannelType Kind,
    string Url,
    IReadOnlyList<string> Addresses,
    bool Enabled,
    string DisabledReason,
    DateTimeOffset CreatedAt
);

/// <summary>A channel with the secret that is shown this once.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Secret">What a webhook is signed with: <c>whsec_</c> and 32 bytes in base64; null of other kinds.</param>
internal sealed record ChannelWithSecretDocument(
    ChannelDocument Channel,
    [property: Secret] string? Secret
);

/// <summary>A channel that was made or got another secret.</summary>
internal sealed record ChannelWithSecret(ChannelRow Channel, string? Secret);
