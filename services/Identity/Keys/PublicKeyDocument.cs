using System.Text.Json.Serialization;

namespace ApiSvc.Identity.Keys;

/// <summary>A public key on the P-256 curve as a JSON Web Key (RFC 7517, RFC 7518 section 6.2.1).</summary>
/// <param name="KeyId">As in the <c>kid</c> of the tokens it signs.</param>
/// <param name="X">The point's x coordinate, base64url.</param>
/// <param name="Y">The point's y coordinate, base64url.</param>
internal sealed record PublicKeyDocument(
    [property: JsonPropertyName("kid")] string KeyId,
    [property: JsonPropertyName("x")] string X,
    [property: JsonPropertyName("y")] string Y
)
{
    [JsonPropertyName("kty")]
    public string KeyType => "EC";

    [JsonPropertyName("use")]
    public string Use => "sig";

    [JsonPropertyName("alg")]
    public string Algorithm => SigningKey.Algorithm;

    [JsonPropertyName("crv")]
    public string Curve => "P-256";
}
