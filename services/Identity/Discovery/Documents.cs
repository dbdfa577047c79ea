using System.Text.Json.Serialization;
using ApiSvc.Identity.Keys;

namespace ApiSvc.Identity.Discovery;

/// <summary>The issuer's metadata (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2).</summary>
/// <param name="Issuer">As in the tokens' <c>iss</c>.</param>
/// <param name="TokenEndpoint">Where tokens are given out.</param>
/// <param name="JwksUri">Where the public keys are.</param>
/// <param name="RevocationEndpoint">Where tokens are ended before their time.</param>
internal sealed record IssuerDocument(
    [property: JsonPropertyName("issuer")] string Issuer,
    [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
    [property: JsonPropertyName("jwks_uri")] string JwksUri,
    [property: JsonPropertyName("revocation_endpoint")] string RevocationEndpoint
)
{
    // Required, and empty while nobody signs in here.
    [JsonPropertyName("response_types_supported")]
    public string[] ResponseTypes => [];

    [JsonPropertyName("grant_types_supported")]
    public string[] GrantTypes => ["client_credentials"];

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public string[] AuthenticationMethods => ["client_secret_basic", "client_secret_post"];
}

/// <summary>A set of public keys (RFC 7517 section 5).</summary>
internal sealed record KeySetDocument(
    [property: JsonPropertyName("keys")] IReadOnlyList<PublicKeyDocument> Keys
);
