using System.Text.Json;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>Who somebody is at a provider, by verified claims.</summary>
/// <param name="Issuer">Who says so.</param>
/// <param name="Subject">Its own word for the user.</param>
/// <param name="Claims">All that it says.</param>
internal sealed record ExternalUser(
    string Issuer,
    string Subject,
    IReadOnlyDictionary<string, JsonElement> Claims
)
{
    // RFC 8176; others are the provider's own and mean nothing here.
    private static readonly string[] Methods =
    [
        "pwd",
        "otp",
        "mfa",
        "hwk",
        "swk",
        "sc",
        "fpt",
        "face",
        "pin",
        "user",
        "kba",
        "sms",
        "tel",
    ];

    public string? Name => Text("name");

    public string? PreferredUsername => Text("preferred_username");

    /// <summary>Null unless the provider has verified it. Some providers say so in words.</summary>
    public string? VerifiedEmail =>
        Claims.TryGetValue("email_verified", out var verified)
        && (
            verified.ValueKind == JsonValueKind.True
            || (verified.ValueKind == JsonValueKind.String && verified.GetString() == "true")
        )
            ? Text("email")
            : null;

    public IReadOnlyList<string> AuthenticationMethods =>
        [.. Values("amr").Where(m => Methods.Contains(m))];

    public bool Has(string claim, string value) => Values(claim).Contains(value);

    private IEnumerable<string> Values(string claim) =>
        Claims.TryGetValue(claim, out var value)
            ? value.ValueKind == JsonValueKind.Array
                ? value.EnumerateArray().Select(TextOf)
                : [TextOf(value)]
            : [];

    private string? Text(string claim) =>
        Claims.TryGetValue(claim, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
        && !text.Any(char.IsControl)
            ? text
            : null;

    private static string TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
