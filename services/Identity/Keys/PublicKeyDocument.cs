using System.Text.Json.Serialization;

namespace ApiSvc.Identity.Keys;

/// <summary>A public key as a JSON Web Key (RFC 7517; RFC 7518 sections 6.2.1 and 6.3.1).</summary>
/// <param name="KeyId">As in the <c>kid</c> of the tokens it signs.</param>
/// <param name="KeyType"><c>EC</c> or <c>RSA</c>.</param>
/// <param name="Algorithm">What it signs by.</param>
internal sealed record PublicKeyDocument(
    [property: JsonPropertyName("kid")] string KeyId,
    [property: JsonPropertyName("kty")] string KeyType,
    [property: JsonPropertyName("alg")] string Algorithm
)
{
    [JsonPropertyName("use")]
    public string Use => "sig";

    [JsonPropertyName("crv")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Curve { get; init; }

    /// <summary>The point's x coordinate, base64url.</summary>
    [JsonPropertyName("x")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? X { get; init; }

    /// <summary>The point's y coordinate, base64url.</summary>
    [JsonPropertyName("y")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Y { get; init; }

    /// <summary>The modulus, base64url.</summary>
    [JsonPropertyName("n")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Modulus { get; init; }

    /// <summary>The exponent, base64url.</summary>
    [JsonPropertyName("e")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Exponent { get; init; }
}
