using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>A provider with what it said of itself.</summary>
/// <param name="Id">As in addresses.</param>
/// <param name="Options">As configured.</param>
/// <param name="Metadata">As it says.</param>
/// <param name="RedirectUri">Where it sends browsers back to. Each has an own one, so that answers are not mixed up
/// (RFC 9700 section 4.4.2.1).</param>
internal sealed record Provider(
    string Id,
    ProviderOptions Options,
    ProviderMetadata Metadata,
    string RedirectUri
)
{
    private static readonly string[] UsualAlgorithms = ["RS256", "PS256", "ES256"];

    public string Name => Options.Name ?? Id;

    public IEnumerable<string> Algorithms =>
        Options.Algorithms.Count > 0 ? Options.Algorithms : UsualAlgorithms;
}

/// <summary>A provider that cannot be used now; the message says why, for the log.</summary>
internal sealed class ProviderException(string message, Exception? inner = null)
    : Exception(message, inner);

/// <summary>What was read from a provider, and when.</summary>
internal sealed record ProviderState(
    ProviderMetadata Metadata,
    IReadOnlyList<SecurityKey> Keys,
    DateTimeOffset At
);
