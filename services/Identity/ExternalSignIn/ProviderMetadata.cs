using System.Text.Json;
using System.Text.Json.Serialization;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>What a provider says of itself (OpenID Connect Discovery 1.0 section 3).</summary>
internal sealed record ProviderMetadata
{
    [JsonPropertyName("issuer")]
    public string? Issuer { get; init; }

    [JsonPropertyName("authorization_endpoint")]
    public string? AuthorizationEndpoint { get; init; }

    [JsonPropertyName("token_endpoint")]
    public string? TokenEndpoint { get; init; }

    [JsonPropertyName("jwks_uri")]
    public string? JwksUri { get; init; }

    [JsonPropertyName("userinfo_endpoint")]
    public string? UserInfoEndpoint { get; init; }

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public IReadOnlyList<string>? TokenEndpointMethods { get; init; }

    /// <summary>Whether its answers always say who answers (RFC 9207 section 3).</summary>
    [JsonPropertyName("authorization_response_iss_parameter_supported")]
    public bool SaysIssuer { get; init; }

    /// <returns>What it says, if it is the one that is meant and says all that is needed; else why not.</returns>
    public static (ProviderMetadata? Metadata, string? Fault) Read(string json, string issuer)
    {
        ProviderMetadata? read;
        try
        {
            read = JsonSerializer.Deserialize<ProviderMetadata>(json);
        }
        catch (JsonException e)
        {
            return (null, $"The discovery document is malformed: {e.Message}");
        }

        // Section 4.3: character by character, against one provider that plays another.
        if (read?.Issuer != issuer)
        {
            return (null, $"The discovery document is of the issuer '{read?.Issuer}'.");
        }

        // Its query may be there (RFC 6749 section 3.1).
        string?[] addresses = [read.TokenEndpoint, read.JwksUri, read.UserInfoEndpoint ?? issuer];
        return
            Array.TrueForAll(addresses, ProviderAddress.IsAcceptable)
            && ProviderAddress.IsAcceptable(read.AuthorizationEndpoint?.Split('?')[0])
            ? (read, null)
            : (null, "The discovery document lacks an endpoint, or has one without TLS.");
    }
}
